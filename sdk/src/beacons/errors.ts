import { attemptAll, listen } from "../core/lifecycle.ts";
import type { Beacon } from "../core/options.ts";
import type { OutboxObserver } from "../core/outbox.ts";
import { describeError } from "./lib/describe-error.ts";
import { fingerprint } from "./lib/fingerprint.ts";
import { tokenBucket } from "./lib/token-bucket.ts";

/** Settings of `errors`. */
export interface ErrorsOptions {
  /**
   * Errors that are neither tracked nor counted: those whose `type: message`, as it would be sent, has this text in it or
   * matches this expression.
   */
  readonly ignore?: readonly (string | RegExp)[];
  /** Whether "ResizeObserver loop …" is tracked, which browsers say where nothing is wrong (default false). */
  readonly resizeObserver?: boolean;
  /** How many errors are tracked at once (default 10). */
  readonly burst?: number;
  /** After those one more is tracked each interval, in ms (default 10,000). */
  readonly intervalMs?: number;
}

/**
 * Tracks `error` for each uncaught error and each unhandled rejection: `kind` (`error` or `rejection`), `type`, `message`,
 * `stack` (up to ten frames, each `name path:line:column`), `cause`, and `fingerprint`, which the same error of the same
 * build has each time. `cross_origin` is true where the browser hides all but "Script error.", and `extension` where a
 * browser extension has a frame in the stack. `request_id` is the correlation id of the collector's last answer, to find
 * its log lines of that time.
 *
 * Addresses in messages and stacks lose credentials, query and fragment, and e-mail addresses are blanked. What else a
 * message says the page's own code has put there; `beforeSend` may change it.
 *
 * The same error is tracked once in each page view, and all errors together have a cap. What is held back is counted, and
 * reported with the next batch as dropped: `error_repeated`, `error_limit`. The host's `onerror` is not touched, and
 * the console says what it always says.
 */
export function errors({ ignore = [], resizeObserver, burst = 10, intervalMs = 10_000 }: ErrorsOptions = {}): Beacon {
  const ignored = resizeObserver ? ignore : [...ignore, "ResizeObserver loop"];
  return function startErrors(client) {
    const outbox = client._outbox;
    const take = tokenBucket(burst, intervalMs);
    const tracked = new Set<string>();
    const next = outbox?._observe;
    let requestId: string | undefined;
    let isBusy = false;

    const onError = (event: Partial<ErrorEvent & PromiseRejectionEvent>): void => {
      const isRejection = "reason" in event;
      // An image that does not load says `error` as well, and so may anybody.
      if (event.target !== event.currentTarget || !(isRejection || "message" in event)) return;
      // Without an error the event has at least a message, and a place.
      const facts = describeError(
        isRejection ? event.reason : (event.error ?? event),
        `@${event.filename}:${event.lineno}:${event.colno}`,
      );
      const { type, message, stack } = facts;
      const text = `${type}: ${message}`;
      // `split` takes texts and expressions, and does not care for what `g` has left in one.
      if (ignored.some((what) => text.split(what).length > 1)) return;

      const print = fingerprint(`${type} ${stack[0]} `, message);
      const key = print + outbox?._view?.page_view_id;
      const isNew = !tracked.has(key);
      if (isNew && take()) {
        tracked.add(key);
        client.track("error", {
          kind: isRejection ? "rejection" : "error",
          ...facts,
          fingerprint: print,
          cross_origin: (event.message === "Script error." && !event.error) || undefined,
          extension: /-extension…|webkit-masked-url:/.test(`${stack}`) || undefined,
          request_id: requestId,
        });
      } else outbox?._drop(isNew ? "error_limit" : "error_repeated");
    };

    const observe: OutboxObserver = (batch, turn, headers) => {
      requestId = headers?.get("X-Request-Id") ?? requestId;
      return next?.(batch, turn, headers);
    };
    if (outbox) outbox._observe = observe;

    const unlisten = listen("error unhandledrejection", (event) => {
      // A getter of what was thrown may throw it again.
      if (isBusy) return;
      isBusy = true;
      attemptAll([onError], event);
      isBusy = false;
    });
    return () => {
      unlisten();
      // Else it is not the last of the chain, and stays there.
      if (outbox?._observe === observe) outbox._observe = next;
    };
  };
}
