/**
 * The names of the data files, and nothing else: `metrics-2026-11-20.jsonl`, its shards `metrics-2026-11-20.1.jsonl`,
 * and what becomes of them (`.gz`, `.torn`). A leaf: imports nothing of ours.
 * @module
 */

/** One data file, as its name tells it. */
export interface Segment {
  /** Bare file name. */
  readonly name: string;
  /** UTC day of its events, `YYYY-MM-DD`. */
  readonly day: string;
  /** 0 for the day's first file, then 1, 2, … */
  readonly shard: number;
  /** `plain` is JSONL, `gz` the same compressed, `torn` what a crash left of a last line. */
  readonly kind: "plain" | "gz" | "torn";
}

const SEGMENT_NAME = /^metrics-(\d{4}-\d{2}-\d{2})(?:\.([1-9]\d{0,8}))?\.jsonl(\.gz|\.torn)?$/;

const DAY_MS = 86_400_000;

/** Reads a file name; `undefined` for anything that is not one of ours. */
export function parseSegment(name: string): Segment | undefined {
  const match = SEGMENT_NAME.exec(name);
  const day = match?.[1];
  if (!day || utcDay(Date.parse(day)) !== day) return undefined;
  const kind = match[3] === ".gz" ? "gz" : match[3] === ".torn" ? "torn" : "plain";
  return { name, day, shard: Number(match[2] ?? 0), kind };
}

/** The plain file name of a day's shard. */
export function segmentName(day: string, shard: number): string {
  return shard === 0 ? `metrics-${day}.jsonl` : `metrics-${day}.${shard}.jsonl`;
}

/** The UTC day of a moment, `YYYY-MM-DD`; `""` for a moment that is not a date. */
export function utcDay(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? "" : date.toISOString().slice(0, 10);
}

/** How many whole days have passed since the day ended: 0 for yesterday, negative for today and later. */
export function daysSinceEnd(day: string, now: number): number {
  return Math.floor((now - Date.parse(day)) / DAY_MS) - 1;
}

/** Oldest first: by day, then by shard. */
export function bySegmentTime(a: Segment, b: Segment): number {
  return a.day < b.day ? -1 : a.day > b.day ? 1 : a.shard - b.shard;
}
