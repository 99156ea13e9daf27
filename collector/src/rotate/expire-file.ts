import { type Rewritten, rewriteSegment } from "../segments/rewrite-segment.ts";
import type { RotationPolicy } from "./policy.ts";

export interface ExpireOptions {
  readonly policy: RotationPolicy;
  /** Events that are kept this many days, or fewer, go. */
  readonly ageDays: number;
  /** zlib's, for what has to be compressed again, 1 (fast) to 9 (small). */
  readonly level: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Removes the events whose time is up from a closed file, compressed or not; all other lines stay byte for byte. Rejects
 * where the file cannot be read or is damaged: then it stays as it is.
 */
export function expireFile(path: string, { policy, ageDays, level, signal }: ExpireOptions): Promise<Rewritten> {
  const daysByName = new Map(Object.entries(policy.ttlDays ?? {}));
  const isDue = (days: number) => days <= ageDays;
  const isDueByDefault = isDue(policy.retentionDays);
  // Names hold no character that JSON would write in another way: a line that is concerned has one of these in it.
  const wanted = [...daysByName].filter(([, days]) => isDue(days) !== isDueByDefault).map(([name]) => `"${name}"`);
  const mentions = (lines: Buffer) => wanted.some((text) => lines.includes(text));

  return rewriteSegment(path, {
    concerns: (lines) => isDueByDefault || mentions(lines),
    edit(line) {
      if (!mentions(line)) return isDueByDefault ? undefined : line;
      return isDue(daysByName.get(eventOf(line)) ?? policy.retentionDays) ? undefined : line;
    },
    level,
    signal,
  });
}

/** The name of a line's event; `""` for a line that somebody has damaged, which no TTL names then. */
function eventOf(line: Buffer): string {
  try {
    const { event } = JSON.parse(line.toString("utf8"));
    return typeof event === "string" ? event : "";
  } catch {
    return "";
  }
}
