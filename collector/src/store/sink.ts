/** Where stored lines go. */
export interface Sink {
  /**
   * Resolves to a bare file name once all lines are stored; rejects with `SinkError` if none was.
   * @param lines whole ones, each ended by a newline; they must not change before that
   * @param events how many lines these are
   * @param receivedAt what the lines say of when they were received, in ms since 1970: that is the day of their file,
   * also where midnight has passed since (default: now)
   */
  append(lines: Buffer, events: number, receivedAt?: number): Promise<string>;
  /** Bare name of the file being written. */
  readonly file: string | undefined;
}

/** Why events cannot be stored now. A closed set: it is a metric label and part of the health answer. */
export const SINK_ERROR_REASONS = [
  "queue_full",
  "shutting_down",
  "disk_full",
  "not_writable",
  "folder_missing",
  "too_many_files",
  "io",
] as const;

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
    case "ELOCKED":
      return "not_writable";
    case "ENOENT":
    case "ENOTDIR":
      return "folder_missing";
    case "EMFILE":
    case "ENFILE":
      return "too_many_files";
    default:
      return "io";
  }
}
