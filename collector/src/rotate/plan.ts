import { daysSinceEnd, type Segment, utcDay } from "../segments/segment.ts";

export interface RotationPolicy {
  /** A closed file is compressed when all its events are this many days old. */
  readonly gzipAfterDays: number;
  /** A file is deleted when all its events are this many days old. */
  readonly retentionDays: number;
}

export interface RotationAction {
  readonly type: "gzip" | "delete";
  /** Bare file name. */
  readonly name: string;
  /** For the person who reads the plan. */
  readonly reason: string;
}

/**
 * Decides what is due; touches nothing. The file being written and files of today or later are left alone, whatever the
 * policy says.
 * @param live bare name of the file being written
 * @param now ms since 1970
 */
export function planRotation(
  segments: readonly Segment[],
  live: string | undefined,
  { gzipAfterDays, retentionDays }: RotationPolicy,
  now: number,
): RotationAction[] {
  const today = utcDay(now);
  return segments.flatMap(({ name, day, kind }): RotationAction[] => {
    if (name === live || day >= today) return [];
    const days = daysSinceEnd(day, now);
    const reason = `ended ${days} ${days === 1 ? "day" : "days"} ago`;
    if (days >= retentionDays) return [{ type: "delete", name, reason }];
    if (kind === "plain" && days >= gzipAfterDays) return [{ type: "gzip", name, reason }];
    return [];
  });
}
