import { daysSinceEnd, type Segment, segmentName, utcDay } from "../segments/segment.ts";
import { longestRetentionDays, type RotationPolicy } from "./policy.ts";

export interface RotationAction {
  /** `expire` removes the events whose time is up, `archive` uploads a file and then deletes it. */
  readonly type: "expire" | "gzip" | "archive" | "delete";
  /** Bare file name. */
  readonly name: string;
  /** Whole days since the file's day ended. */
  readonly ageDays: number;
  /** For the person who reads the plan. */
  readonly reason: string;
}

/** What is known of the files besides their names. */
export interface PlanContext {
  /** Bare name of the file being written. */
  readonly live: string | undefined;
  /** By the plain name of a file, compressed or not: events of up to this many days' retention are removed from it. */
  readonly cleared: ReadonlyMap<string, number>;
  /** Whether files are uploaded before they are deleted. */
  readonly isArchived: boolean;
  /** In ms since 1970. */
  readonly now: number;
}

/**
 * Decides what is due; touches nothing. The file being written and files of today or later are left alone, whatever the
 * policy says.
 */
export function planRotation(
  segments: readonly Segment[],
  policy: RotationPolicy,
  { live, cleared, isArchived, now }: PlanContext,
): RotationAction[] {
  const today = utcDay(now);
  const longestDays = longestRetentionDays(policy);
  return segments.flatMap(({ name, day, shard, kind }): RotationAction[] => {
    if (name === live || day >= today) return [];
    const ageDays = daysSinceEnd(day, now);
    const reason = `ended ${inDays(ageDays)} ago`;
    // Nobody can tell which event a torn line was: it is kept as long as one that no TTL names.
    const keptDays = kind === "torn" ? policy.retentionDays : longestDays;
    if (ageDays >= keptDays) {
      const type = isArchived && kind !== "torn" ? "archive" : "delete";
      return [{ type, name, ageDays, reason }];
    }
    if (kind === "torn") return [];
    const actions: RotationAction[] = [];
    const expired = expiredSince(policy, cleared.get(segmentName(day, shard)) ?? 0, ageDays);
    if (expired.length > 0)
      actions.push({ type: "expire", name, ageDays, reason: `${reason}; kept: ${expired.join(", ")}` });
    if (kind === "plain" && ageDays >= policy.gzipAfterDays) actions.push({ type: "gzip", name, ageDays, reason });
    return actions;
  });
}

/** The retentions that have run out since a file was last looked at, in words. */
function expiredSince({ retentionDays, ttlDays = {} }: RotationPolicy, clearedDays: number, ageDays: number): string[] {
  const retentions = [...Object.entries(ttlDays), ["all others", retentionDays] as const];
  return retentions
    .filter(([, days]) => days > clearedDays && days <= ageDays)
    .map(([name, days]) => `${name} ${inDays(days)}`);
}

function inDays(days: number): string {
  return days === 1 ? "1 day" : `${days} days`;
}
