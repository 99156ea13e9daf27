import type { WireEvent } from "../protocol/event.ts";

/** An event that says when it happened, as all of the client's do. */
export type TimedEvent = WireEvent & { readonly ts: number };

/** Events kept while the collector cannot be reached. */
export const QUEUE_CAPACITY = 1000;

/** Adds an event at the end; returns whether the queue was full, and the oldest one had to go. */
export function enqueue(queue: TimedEvent[], event: WireEvent): boolean {
  return queue.push(event as TimedEvent) > QUEUE_CAPACITY && !!queue.shift();
}

/** Puts back events that were taken out and not delivered. */
export function requeue(queue: TimedEvent[], events: readonly TimedEvent[]): void {
  queue.unshift(...events);
  // By time, because two requests that left together may fail in any order.
  queue.sort((one, other) => one.ts - other.ts);
}
