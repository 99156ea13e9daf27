import { parseSegment, utcDay } from "../segments/segment.ts";
import type { Journal } from "./journal.ts";

export interface CloseFinishedDaysOptions {
  /** How often to look, in ms. */
  readonly intervalMs: number;
  /** Clock, in ms since 1970. */
  readonly now: () => number;
}

/**
 * Rolls over after midnight though no event comes: the file being written is never rotated, so that a quiet site's last
 * events would outlive their retention until somebody visits it again. Returns the stop.
 */
export function closeFinishedDays(
  journal: Pick<Journal, "file" | "roll">,
  { intervalMs, now }: CloseFinishedDaysOptions,
): () => void {
  const timer = setInterval(() => {
    const day = parseSegment(journal.file ?? "")?.day;
    // What keeps it from rolling over keeps it from storing events, and is reported by the journal.
    if (day !== undefined && day < utcDay(now())) journal.roll().catch(() => {});
  }, intervalMs);
  timer.unref();
  return () => clearInterval(timer);
}
