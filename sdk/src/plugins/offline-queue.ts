import { listen } from "../core/lifecycle.ts";
import type { Beacon } from "../core/options.ts";
import type { OutboxObserver } from "../core/outbox.ts";
import { randomId } from "../core/random-id.ts";

/** Settings of `offlineQueue`. */
export interface OfflineQueueOptions {
  /** Events older than this are given up, in ms (default 7 days). The collector may take less, see its retention. */
  readonly maxAgeMs?: number;
  /** Characters of storage one tab may take (default 262,144). Beyond it the oldest events live with the page only. */
  readonly maxLength?: number;
}

/** Written to ask who is alive: every page that keeps something writes its own key anew. */
const CALL = "tallymark_queue_";

/** How long a page that is alive may take to answer, in ms; as much again at random, so that two do not adopt at once. */
const ANSWER_MS = 300;

/**
 * How long after a page has gone the events of its last requests are sent again, in ms: nobody has seen the answer. The
 * collector counts an id once, but does not remember it for ever.
 */
const MAX_UNDER_WAY_MS = 300_000;

/**
 * What one page has left: how many events waited, a batch of those that are kept, which says when that was and what had
 * been dropped before, and the events of requests without an answer. The time differs, so no two texts are the same.
 */
type Saved = readonly [
  accounted: number,
  batch: { readonly sent_at: number; readonly dropped: Record<string, number>; readonly events: readonly SavedEvent[] },
  underWay: readonly SavedEvent[],
];

interface SavedEvent {
  readonly ts: number;
}

/**
 * Keeps events that are not acknowledged in the storage of `identity`, so that they survive a reload, a crash, and days
 * without network; the next page of the site adopts and sends them. Does nothing where `identity` is `memory` or `none`,
 * before consent, and where storage is blocked or full.
 *
 * Whether a page is alive is asked through storage itself, not by a Web Lock: Firefox takes no page that holds one into
 * its back/forward cache.
 */
export function offlineQueue({ maxAgeMs = 604_800_000, maxLength = 262_144 }: OfflineQueueOptions = {}): Beacon {
  return function startOfflineQueue({ _outbox: outbox }) {
    // A plain object, where storage must not be touched.
    if (!outbox?._area.setItem) return () => {};
    const area = outbox._area;
    // One key for each page and collector, so that two tabs never write the same.
    const prefix = CALL + outbox._url;
    const key = prefix + randomId();
    const underWay = new Set<readonly string[]>();
    const next = outbox._observe;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isStopped = false;
    /** How many of what waits the last text accounts for; undefined before the first. */
    let accounted: number | undefined;

    /**
     * Returns something where what waits is kept, but for what the next page reports as left out.
     * @throws Error where storage is full or broken
     */
    const write = (): string | undefined => {
      const waiting = outbox._ready();
      accounted = waiting.length;
      let text: string;
      do text = `[${accounted},${outbox._envelope(waiting)},[${[...underWay].flat()}]]`;
      while (text.length > maxLength && waiting.splice(0, waiting.length / 4 + 1)[0]);
      // An older state must not stay where there is no room for this one.
      if (area[key]) delete area[key];
      if (accounted || underWay.size) area[key] = text;
      return area[key];
    };

    const adopt = (text: string): void => {
      const [count, { sent_at, dropped, events }, unanswered]: Saved = JSON.parse(text);
      const fresh = events.filter(({ ts }) => ts > Date.now() - maxAgeMs);
      dropped.offline_queue = count - fresh.length;
      Object.keys(dropped).map((reason) => dropped[reason] && outbox._drop(reason, dropped[reason]));
      if (sent_at > Date.now() - MAX_UNDER_WAY_MS) fresh.unshift(...unanswered);
      outbox._waiting.unshift(...fresh.map((event) => JSON.stringify(event)));
    };

    const callOut = (): void => {
      const found = Object.entries(area).filter(([other]) => other.startsWith(prefix));
      if (!found[0]) return;
      timer = setTimeout(
        () => {
          for (const [other, text] of found) {
            try {
              // Who has answered, or adopted it, has changed it.
              if (area[other] === text) {
                delete area[other];
                adopt(text);
                // Left empty for its page, should that come back; gone with the next adoption.
                area[other] = "";
              }
            } catch {
              // Not ours.
            }
          }
          delete area[CALL];
          outbox._dispatch();
        },
        ANSWER_MS * (1 + Math.random()),
      );
      area[CALL] = key;
    };

    const observe: OutboxObserver = (batch, turn, headers) => {
      let isSafe: unknown;
      try {
        if (!isStopped) {
          if (batch && !underWay.delete(batch)) underWay.add(batch);
          if (accounted === undefined) callOut();
          isSafe = write();
        }
      } catch {
        // Full, or storage that has opened, and is broken.
      }
      return next?.(batch, turn, headers) || isSafe;
    };
    outbox._observe = observe;

    const unlisten = listen(
      "storage visibilitychange pageshow",
      ({ key: changed, persisted }: Partial<StorageEvent & PageTransitionEvent>) => {
        // While this page was frozen, or in the back/forward cache, another one has adopted what it had left.
        if (area[key] === "") {
          outbox._waiting.splice(0, accounted);
          // The next turn of the same return finds what came since.
          accounted = 0;
        }
        // Firefox never answers what was under way when the page went into the cache.
        else if (persisted) outbox._waiting.unshift(...[...underWay].flat());
        else if (changed === CALL && area[key]) observe();
      },
    );

    return () => {
      isStopped = true;
      clearTimeout(timer);
      unlisten();
    };
  };
}
