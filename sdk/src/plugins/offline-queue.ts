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
  return function startOfflineQueue(_client, outbox) {
    // A plain object, where storage must not be touched.
    if (!outbox?._area.setItem) return () => {};
    const area = outbox._area;
    const prefix = `${PREFIX}${outbox._url}_`;
    const key = prefix + randomId();
    const underWay = new Map<readonly string[], number>();
    const next = outbox._observe;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let hasCalled = false;
    /** What the last text has in it. */
    let kept: readonly unknown[] = [];
    let isKept = false;
    let isStopped = false;

    /** Returns whether what waits is kept, but for what the next page reports as left out. */
    const write = (): boolean => {
      const waiting = outbox._ready();
      const { length } = waiting;
      let text: string;
      isKept = false;
      try {
        do text = JSON.stringify([waiting, [...underWay], length - waiting.length, outbox._envelope([])]);
        while (text.length > maxLength && waiting.splice(0, waiting.length / 4 + 1)[0]);
        if (length || underWay.size) {
          area[key] = text;
          kept = waiting;
          isKept = true;
          return true;
        }
      } catch {
        // Full: an older state must not stay.
      }
      delete area[key];
      return false;
    };

    const adopt = (text: string): void => {
      const now = Date.now();
      try {
        const [waiting, batches, leftOut, envelope]: Saved = JSON.parse(text);
        const fresh = waiting.filter((json) => JSON.parse(json).ts > now - maxAgeMs);
        const lost = waiting.length - fresh.length + leftOut;
        if (lost) outbox._drop("offline_queue", lost);
        const { dropped } = JSON.parse(envelope);
        for (const reason of Object.keys(dropped)) outbox._drop(reason, dropped[reason]);
        outbox._waiting.unshift(
          ...batches.flatMap(([batch, since]) => (since > now - MAX_UNDER_WAY_MS ? batch : [])),
          ...fresh,
        );
        write();
      } catch {
        // Not ours.
      }
    };

    const callOut = (): void => {
      const found = Object.entries(area).filter(([other]) => other.startsWith(prefix));
      if (!found[0]) return;
      try {
        area[CALL] = key;
      } catch {
        // Full: then the text of who is alive does not change, and is sent twice, and counted once.
      }
      timer = setTimeout(
        () => {
          for (const [other, text] of found) {
            // Who has answered, or adopted it, has changed it.
            if (area[other] !== text) continue;
            adopt(text);
            // Left empty for its page, should that come back; gone with the next adoption.
            if (text) area[other] = "";
            else delete area[other];
          }
          delete area[CALL];
          outbox._dispatch();
        },
        ANSWER_MS * (1 + Math.random()),
      );
    };

    outbox._observe = (batch, turn) => {
      if (isStopped) return next?.(batch, turn);
      if (!hasCalled) callOut();
      hasCalled = true;
      if (batch && !underWay.delete(batch)) underWay.set(batch, Date.now());
      const isSafe = write();
      return next?.(batch, turn) || isSafe;
    };

    const onStorage = ({ key: changed }: StorageEvent): void => {
      if (changed === CALL && isKept) write();
    };
    const onReturn = ({ persisted }: Partial<PageTransitionEvent>): void => {
      // While this page was frozen, or in the back/forward cache, another one has adopted what it had left.
      if (isKept && area[key] === "") {
        const rest = outbox._waiting.filter((event) => !kept.includes(event));
        outbox._waiting.splice(0, Number.POSITIVE_INFINITY, ...rest);
      }
      // Firefox never answers what was under way when the page went into the cache.
      else if (persisted) outbox._waiting.unshift(...[...underWay.keys()].flat());
    };
    const unlisten = [listen("storage", onStorage), listen("visibilitychange pageshow", onReturn)];

    return () => {
      isStopped = true;
      clearTimeout(timer);
      attemptAll(unlisten);
    };
  };
}
