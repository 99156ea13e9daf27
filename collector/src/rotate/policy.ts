export interface RotationPolicy {
  /** A closed file is compressed when all its events are this many days old. */
  readonly gzipAfterDays: number;
  /** Events are removed when they are this many days old, whole files at a time where `ttlDays` says nothing else. */
  readonly retentionDays: number;
  /** Days by event name, shorter or longer than `retentionDays`. */
  readonly ttlDays?: { readonly [event: string]: number };
}

/** How long the longest-lived events are kept, in days: no file outlives that. */
export function longestRetentionDays({ retentionDays, ttlDays = {} }: RotationPolicy): number {
  return Math.max(retentionDays, ...Object.values(ttlDays));
}

/** What decides which events of a file are removed: two policies that agree on it have the same text. */
export function retentionKey({ retentionDays, ttlDays = {} }: RotationPolicy): string {
  const names = Object.keys(ttlDays).sort();
  return [`*=${retentionDays}d`, ...names.map((name) => `${name}=${ttlDays[name]}d`)].join(",");
}
