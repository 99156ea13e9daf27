import type { RecentEvent, StoredEvent } from "@tallymark/sdk/protocol";

/** An accepted event as the ring keeps it: as text, because nothing need be made of it before somebody looks. */
export interface Recent {
  /** Its line; `sample_rate` is client × server. */
  readonly line: string;
  /** What it counts for: 1 / the rate it survived in the client. */
  readonly weight: number;
  /** `false` where the collector's sampling kept it off the disk. */
  readonly stored: boolean;
}

/** A line read back from our own files, as the ring keeps it. */
export function recentFrom(line: string, { sample_rate }: StoredEvent): Recent {
  return { line, weight: 1 / sample_rate, stored: true };
}

/** The event as readers see it, with its weight. */
export function weightedEvent({ line, weight, stored }: Recent): {
  readonly event: RecentEvent;
  readonly weight: number;
} {
  const event: StoredEvent = JSON.parse(line);
  return { event: { ...event, stored }, weight };
}
