import type { RecentEvent, StoredEvent } from "@tallymark/sdk/protocol";

/** An accepted event as the ring keeps it: as bytes, because nothing need be made of it before somebody looks. */
export interface Recent {
  /**
   * Lines of a request; `sample_rate` is client × server. Their UTF-8, a byte to a character: a string is made in a third
   * of the time that a Buffer takes.
   */
  readonly lines: string;
  /** Where this event's line begins, and where the next one does. */
  readonly start: number;
  readonly end: number;
  /** What it counts for: 1 / the rate it survived in the client. */
  readonly weight: number;
  /** `false` where the collector's sampling kept it off the disk. */
  readonly stored: boolean;
}

/** A line read back from our own files, as the ring keeps it. */
export function recentFrom(line: string, { sample_rate }: StoredEvent): Recent {
  const lines = Buffer.from(line).toString("latin1");
  return { lines, start: 0, end: lines.length, weight: 1 / sample_rate, stored: true };
}

/** The event as readers see it, with its weight. */
export function weightedEvent({ lines, start, end, weight, stored }: Recent): {
  readonly event: RecentEvent;
  readonly weight: number;
} {
  const event: StoredEvent = JSON.parse(Buffer.from(lines.slice(start, end), "latin1").toString());
  return { event: { ...event, stored }, weight };
}
