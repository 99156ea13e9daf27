import { attemptAll, listen } from "../core/lifecycle.ts";
import type { Beacon } from "../core/options.ts";
import { randomId } from "../core/random-id.ts";

/** Settings of `offlineQueue`. */
export interface OfflineQueueOptions {
  /** Events older than this are given up, in ms (default 7 days). The collector may take less, see its retention. */
  readonly maxAgeMs?: number;
  /** Characters of storage one tab may take (default 262,144). Beyond it the oldest events live with the page only. */
  readonly maxLength?: number;
}

/** One key for each page and collector, so that two tabs never write the same. */
const PREFIX = "tallymark_queue_";

/** Written to ask who is alive: every page that keeps something writes its own key anew. */
const CALL = "tallymark_queue";

/** How long a page that is alive may take to answer, in ms; as much again at random, so that two do not adopt at once. */
const ANSWER_MS = 300;

/**
 * How long after a page has gone the events of its last requests are sent again, in ms: nobody has seen the answer. The
 * collector counts an id once, but does not remember it for ever.
 */
const MAX_UNDER_WAY_MS = 300_000;

/**
 * What one page has left: events that waited, those of requests without an answer and since when, how many were left out,
 * and an empty batch, which has what was dropped before, and the time: no two texts are the same.
 */
type Saved = readonly [
  waiting: string[],
  underWay: [batch: string[], since: number][],
  leftOut: number,
  envelope: string,
];

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
    const prefix = `${PREFIX}${outbox._url}_`;
    const key = prefix + randomId();
    const underWay = new Map<readonly string[], number>();
    const next = outbox._observe;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isStopped = false;
    /** How many of what waits the last text accounts for; undefined before the first. */
    let accounted: number | undefined;

    const put = (name: string, text: string): boolean => {
      try {
        area[name] = text;
        return true;
      } catch {
        // Full.
        return false;
      }
    };

    /** Returns whether what waits is kept, but for what the next page reports as left out. */
    const write = (): boolean => {
      const waiting = outbox._ready();
      accounted = waiting.length;
      let text: string;
      do text = JSON.stringify([waiting, [...underWay], accounted - waiting.length, outbox._envelope([])]);
      while (text.length > maxLength && waiting.splice(0, waiting.length / 4 + 1)[0]);
      if ((accounted || underWay.size) && put(key, text)) return true;
      // An older state must not stay.
      delete area[key];
      return false;
    };

    const adopt = (text: string): void => {
      const now = Date.now();
      const [waiting, batches, leftOut, envelope]: Saved = JSON.parse(text);
      const fresh = waiting.filter((json) => JSON.parse(json).ts > now - maxAgeMs);
      const { dropped } = JSON.parse(envelope);
      dropped.offline_queue = waiting.length - fresh.length + leftOut;
      Object.keys(dropped).map((reason) => dropped[reason] && outbox._drop(reason, dropped[reason]));
      const again = batches.flatMap(([batch, since]) => (since > now - MAX_UNDER_WAY_MS ? batch : []));
      outbox._waiting.unshift(...again, ...fresh);
      write();
    };

    const callOut = (): void => {
      const found = Object.entries(area).filter(([other]) => other.startsWith(prefix));
      if (!found[0]) return;
      put(CALL, key);
      timer = setTimeout(
        () => {
          for (const [other, text] of found) {
            // Who has answered, or adopted it, has changed it.
            if (area[other] !== text) continue;
            try {
              adopt(text);
            } catch {
              // Not ours.
            }
            // Left empty for its page, should that come back; gone with the next adoption.
            if (!text || !put(other, "")) delete area[other];
          }
          delete area[CALL];
          outbox._dispatch();
        },
        ANSWER_MS * (1 + Math.random()),
      );
    };

    outbox._observe = (batch, turn, headers) => {
      let isSafe: unknown;
      try {
        if (!isStopped) {
          if (accounted === undefined) callOut();
          if (batch && !underWay.delete(batch)) underWay.set(batch, Date.now());
          isSafe = write();
        }
      } catch {
        // Storage that has opened, and is broken.
        stop();
      }
      return next?.(batch, turn, headers) || isSafe;
    };

    const unlisten = [
      listen("storage", (event: StorageEvent) => {
        if (event.key === CALL) write();
      }),
      listen("visibilitychange pageshow", ({ persisted }: Partial<PageTransitionEvent>) => {
        // While this page was frozen, or in the back/forward cache, another one has adopted what it had left.
        if (area[key] === "") {
          outbox._waiting.splice(0, accounted);
          // The next turn of the same return finds what came since.
          accounted = 0;
        }
        // Firefox never answers what was under way when the page went into the cache.
        else if (persisted) outbox._waiting.unshift(...[...underWay.keys()].flat());
      }),
    ];

    const stop = (): void => {
      isStopped = true;
      clearTimeout(timer);
      attemptAll(unlisten);
    };
    return stop;
  };
}
