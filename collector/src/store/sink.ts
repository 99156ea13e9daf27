/** Where stored lines go. Resolves to a bare file name once all lines are stored; rejects if none was. */
export interface Sink {
  append(lines: readonly string[]): Promise<string>;
  /** Bare name of the file being written. */
  readonly file: string | undefined;
}

/** Why events cannot be stored now. A closed set: it is a metric label and part of the health answer. */
export const SINK_ERROR_REASONS = ["queue_full", "shutting_down", "disk_full", "not_writable", "io"] as const;

export type SinkErrorReason = (typeof SINK_ERROR_REASONS)[number];

/** Events were not stored, none of them, and may be sent again. */
export class SinkError extends Error {
  override readonly name = "SinkError";
  readonly reason: SinkErrorReason;

  constructor(reason: SinkErrorReason, cause?: unknown) {
    super(`events cannot be stored: ${reason}`, { cause });
    this.reason = reason;
  }
}

/** The reason behind an error code of the file system. */
export function sinkErrorReason(code: string): SinkErrorReason {
  switch (code) {
    case "ENOSPC":
    case "EDQUOT":
      return "disk_full";
    case "EACCES":
    case "EPERM":
    case "EROFS":
    case "ENOENT":
      return "not_writable";
    default:
      return "io";
  }
}
