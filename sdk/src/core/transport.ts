import type { Batch } from "../protocol/batch.ts";
import type { WireEvent } from "../protocol/event.ts";
import { MAX_BATCH_EVENTS } from "../protocol/limits.ts";
import { post } from "./post.ts";
import { enqueue, requeue, type TimedEvent } from "./queue.ts";
import { SDK } from "./version.ts";

/** About 11 days: browsers take a timeout of more than 2^31 ms for 0. */
const MAX_TIMEOUT_MS = 1e9;

/** Brings events to the collector: one request at a time, in order, again and again until it has answered. */
export interface Transport {
  /** Queues an event; it is sent on count, on time, or at once where the page is hidden. */
  push(event: WireEvent): void;
  /** Counts events that were given up, by reason; the counts travel with the next batch that arrives. */
  drop(counts: NonNullable<Batch["dropped"]>): void;
  /**
   * Sends what waits; resolves after the attempt. What failed waits again, for a timer.
   * @param leaving do not wait for the request under way: there may be no page when it is back
   */
  flush(leaving?: boolean): Promise<void>;
}

/**
 * A transport with an empty queue. It does nothing before the first `push`.
 * @param url full address of the collector's batch route
 * @param flushCount send when this many events wait
 * @param flushIntervalMs send this long after the first waiting event
 * @param isActive once it is false, nothing is tried again and no timer is left
 */
export function createTransport(
  url: string,
  flushCount: number,
  flushIntervalMs: number,
  isActive: () => boolean,
): Transport {
  const queue: TimedEvent[] = [];
  let dropped: Record<string, number> = {};
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lastFlush: Promise<void> | undefined;
  /** Failed attempts in a row. */
  let failures = 0;
  /** The last batch was too large and this is half of it; 0: not so. */
  let maxEvents = 0;

  const drop: Transport["drop"] = (counts) => {
    // Not for … in: some pages extend Object.prototype, and a count that is no number sinks the batch.
    for (const reason of Object.keys(counts)) dropped[reason] = (dropped[reason] ?? 0) + (counts[reason] ?? 0);
  };

  const schedule = (delayMs: number): void => {
    clearTimeout(timer);
    if (isActive()) timer = setTimeout(flush, Math.min(delayMs, MAX_TIMEOUT_MS));
  };

  const send = async (leaving?: boolean): Promise<void> => {
    const events = queue.splice(0, maxEvents || MAX_BATCH_EVENTS);
    if (!events.length) return;
    // What is tracked from here on waits for the next flush.
    const isMore = queue.length;
    const carried = dropped;
    dropped = {};
    const { ok, status, headers } = await post(url, { sdk: SDK, dropped: carried, events }, leaving);
    if (ok) {
      failures = maxEvents = 0;
      if (!isMore) return;
    } else {
      drop(carried);
      // 0: no answer. 429: not now.
      if (!status || status > 499 || status === 429) {
        const waitS = Number(headers.get("Retry-After")) || 2 ** Math.min(failures, 8);
        // Jitter, and never less than asked for: pages that failed together must not come back together.
        failures++;
        requeue(queue, events);
        return schedule(waitS * (1000 + 500 * Math.random()));
      }
      maxEvents = status === 413 ? events.length >> 1 : 0;
      if (maxEvents) requeue(queue, events);
      else drop({ [`http_${status}`]: events.length });
    }
    return leaving ? flush(leaving) : send();
  };

  const flush = (leaving?: boolean): Promise<void> => {
    if (leaving) {
      clearTimeout(timer);
      while (queue.length) send(true);
    }
    const before = failures;
    // What the request before this one could not deliver waits for its timer.
    lastFlush = Promise.resolve(lastFlush).then(() => (failures > before ? undefined : send()));
    return lastFlush;
  };

  return {
    push(event) {
      if (enqueue(queue, event)) drop({ queue_full: 1 });
      if (queue.length === 1) schedule(flushIntervalMs);
      // After a failure only the timer, the page's turns and the caller send. Hidden, the page may be closed at any moment.
      if (!failures && (queue.length >= flushCount || document.hidden)) flush(document.hidden);
    },
    drop,
    flush,
  };
}
