import type { RecentEvent, Snapshot } from "@tallymark/sdk/protocol";

/** An event of the ring with what it counts for: 1 / the rate it survived in the client. */
export interface WeightedEvent {
  readonly event: RecentEvent;
  readonly weight: number;
}

/**
 * Sums up the ring. The ring sees an event before the collector's own sampling decides, so the estimate undoes the
 * client's sampling only.
 * @param newestFirst what the ring holds
 * @param limit how many events to show in full
 */
export function takeSnapshot(newestFirst: readonly WeightedEvent[], limit: number): Snapshot {
  const byEvent = new Map<string, { count: number; estimate: number }>();
  for (const { event, weight } of newestFirst) {
    const sums = byEvent.get(event.event) ?? { count: 0, estimate: 0 };
    sums.count += 1;
    sums.estimate += weight;
    byEvent.set(event.event, sums);
  }
  return {
    total: newestFirst.length,
    by_event: [...byEvent]
      .map(([event, { count, estimate }]) => ({ event, count, estimate: Math.round(estimate * 1000) / 1000 }))
      .sort((a, b) => b.count - a.count || (a.event < b.event ? -1 : 1)),
    last_events: newestFirst.slice(0, limit).map(({ event }) => event),
  };
}
