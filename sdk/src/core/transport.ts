import { byteLength } from "./byte-length.ts";
import { capture, readTitle } from "./capture.ts";
import { LEAVE } from "./lifecycle.ts";
import type { PageFacts } from "./options.ts";
import type { CapturedEvent, Outbox, StorageArea, Turn } from "./outbox.ts";
import { isRetryable, keepaliveBytesLeft, post } from "./post.ts";
import { randomId } from "./random-id.ts";
import { warn } from "./warn.ts";
import { warnOfRejected } from "./warn-of-rejected.ts";

/** Events kept while the collector cannot be reached, or while consent is pending. */
export const QUEUE_CAPACITY = 1000;

/** Send when this many events wait. */
const FLUSH_COUNT = 30;

/** Send this long after the first waiting event. */
const FLUSH_INTERVAL_MS = 5000;

/** An event is made ready this long after the call at the latest: Firefox may end a script that takes its time at `pagehide`. */
const READY_DELAY_MS = 100;

/** Less of the browser's budget is left while a batch is under way, in bytes. */
const NOTHING_UNDER_WAY = 64_000;

/** The longest wait before a retry, in s, whatever the collector asks for. */
const MAX_RETRY_AFTER_S = 300;

/** An address that has never answered is blocked, most likely: after this many tries no timer tries again. */
const MAX_UNANSWERED = 5;

/** Brings events to the collector, again and again until it has answered. */
export interface Transport extends Outbox {
  /**
   * Queues an event; it is sent on count, on time, or at once where the page is hidden. One called `page_view` is the open
   * view from now on.
   */
  _enqueue(event: string, metadata?: unknown, page?: PageFacts): void;
  /**
   * Sends what waits; resolves after the attempt. What failed waits again, for a timer.
   * @param turn the page may be gone before the answer: only what the browser still takes is sent; at `pagehide`, what
   *   can neither be sent nor kept is counted as dropped in this last batch
   */
  _dispatch(turn?: Turn): Promise<unknown>;
}

/**
 * A transport with an empty outbox. It does nothing before the first `enqueue`.
 * @param url full address of the collector's batch route
 * @param maySend while it is false, events are kept and nothing is sent
 * @param prepare makes an event ready to leave; nothing where it is not to be sent
 */
export function createTransport(
  url: string,
  area: StorageArea,
  maySend: () => boolean,
  prepare: (event: CapturedEvent) => string | null | undefined,
): Transport {
  let dropped: Record<string, number> = {};
  // biome-ignore lint/suspicious/noConfusingVoidType: what clearTimeout returns.
  let timer: ReturnType<typeof setTimeout> | void;
  let readyTimer: ReturnType<typeof setTimeout> | undefined;
  /** Whether the last attempt has failed, and the next may not. */
  let isFailing: boolean | undefined;
  /** Whether the page was hidden already when events were last made ready: at the end of a turn they all are. */
  let wasHidden: boolean | undefined;
  /** Failed attempts in a row, but for those after which the collector has said when to come back. */
  let failures = 0;
  /** Half of a batch that was too large; 0 where one event was too large. */
  let maxEvents: number | false | undefined;

  const attempt = <Result>(step: () => Result): Result | undefined => {
    try {
      return step();
    } catch (error) {
      transport._drop("invalid_event");
      warn("dropped an event, because beforeSend or what it was made of has thrown:", error);
    }
    return undefined;
  };

  const transport: Transport = {
    _waiting: [],
    _area: area,
    _url: url,
    _maySend: maySend,

    _ready() {
      if (transport._view) transport._view.title ??= readTitle();
      if (!maySend()) return [];
      wasHidden = document.hidden;
      // Taken out first: a hook may track an event of its own.
      const ready = transport._waiting
        .splice(0)
        .flatMap((event) => (typeof event === "string" ? event : (attempt(() => prepare(event)) ?? [])));
      transport._waiting.unshift(...ready);
      return ready;
    },

    _leave() {
      // The next view has its whole time to become another address, and to get its title.
      readyTimer = clearTimeout(readyTimer) as undefined;
      dispatchEvent(new Event(LEAVE));
      if (transport._view) transport._view.title ??= readTitle();
      transport._view = undefined;
    },

    _envelope: (events) => `{"sent_at":${Date.now()},"dropped":${JSON.stringify(dropped)},"events":[${events}]}`,

    _drop(reason, count = 1) {
      dropped[reason] = (dropped[reason] ?? 0) + count;
    },

    _enqueue(event, metadata, page) {
      const isView = event === "page_view";
      if (isView) transport._leave();
      attempt(() => {
        const captured = capture(event, metadata, page, transport._view);
        if (isView) {
          transport._view = captured;
          captured.page_view_id = randomId();
        }
        transport._waiting.push(captured);
      });
      if (transport._waiting[QUEUE_CAPACITY] && transport._waiting.shift()) transport._drop("queue_full");
      readyTimer ??= setTimeout(() => {
        readyTimer = undefined;
        if (transport._ready()[0]) transport._observe?.();
      }, READY_DELAY_MS);
      // After a failure only the timer, the page's turns and the caller send.
      if (isFailing) return;
      // One at a time, so that they come back in order where they fail.
      const isFull = transport._waiting[FLUSH_COUNT - 1] && keepaliveBytesLeft > NOTHING_UNDER_WAY;
      // Hidden, the page may be closed at any moment. Not already while it turns so, when beacons have their last words:
      // at the end of the turn all is sent.
      if (isFull || (document.hidden && wasHidden)) transport._dispatch(document.hidden);
      else timer ??= setTimeout(transport._dispatch, FLUSH_INTERVAL_MS);
    },

    async _dispatch(turn) {
      timer = clearTimeout(timer as never);
      const batch = transport._ready().slice(0, maxEvents || QUEUE_CAPACITY);
      // At a page's turn counts go alone if need be: it may be their last chance.
      if (!batch[0] && !(turn && Object.keys(dropped)[0] && maySend())) return;
      // One that is too large for any batch goes alone, in a plain request; not where it would end with the page.
      while (byteLength(transport._envelope(batch)) > keepaliveBytesLeft && batch[+!turn])
        batch.splice(batch.length * 0.75);
      transport._waiting.splice(0, batch.length);
      if (!transport._observe?.(batch, turn) && turn === "pagehide")
        while (transport._waiting.shift()) transport._drop("page_left");
      let isMore: unknown = transport._waiting[0];
      const body = transport._envelope(batch);
      const carried = dropped;
      dropped = {};
      const [status, text, headers] = await post(url, body, turn);
      maxEvents = status === 413 && batch.length >> 1;
      // What came while a failure was to be overcome has no timer.
      isMore ||= maxEvents || isFailing;
      isFailing = isRetryable(status);
      if (isFailing) {
        isMore = false;
        let waitS = +(headers?.get("Retry-After") as string);
        if (!(waitS > 0)) waitS = 2 ** failures++;
        if (maySend() && (headers || failures < MAX_UNANSWERED))
          // Jitter, and never less than asked for: pages that failed together must not come back together.
          timer = setTimeout(transport._dispatch, Math.min(waitS, MAX_RETRY_AFTER_S) * 1000 * (1 + Math.random()));
      } else failures = 0;
      if (status < 300) warnOfRejected(batch, text);
      else {
        // Not for … in: some pages extend Object.prototype, and a count that is no number sinks the batch.
        Object.keys(carried).map((reason) => transport._drop(reason, carried[reason]));
        if (!maxEvents && !isFailing) transport._drop(`http_${status}`, batch.length);
        // Not what has been wiped since.
        else if (maySend()) transport._waiting.unshift(...batch);
      }
      transport._observe?.(batch, false, headers);
      return isMore && transport._dispatch();
    },
  };
  return transport;
}
