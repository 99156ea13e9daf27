import { LEAVE, listen } from "../core/lifecycle.ts";
import type { Beacon } from "../core/options.ts";

/** Settings of `notFound`. */
export interface NotFoundOptions {
  /**
   * Whether the status counts with which the document came (default true). `false` where a host answers each address of an
   * app with its page for 404, and the app knows better.
   */
  readonly status?: boolean;
  /** How long after its begin a view is looked at, in ms (default 1,000). */
  readonly settleMs?: number;
}

/**
 * Tracks `not_found`, once for each page view of a page that does not exist: the document came with status 404, where the
 * browser tells, or something in it has the attribute `data-tallymark-not-found`, such as
 * `<main data-tallymark-not-found>`. After a navigation inside the page only the attribute counts.
 *
 * A view is looked at a second after it began, and when it is hidden or left; nothing is observed in between. Without a
 * page view there is nothing that was not found.
 */
export function notFound({ status = true, settleMs = 1000 }: NotFoundOptions = {}): Beacon {
  return function startNotFound({ track, _outbox }) {
    let isDocument = status;
    let told: unknown;

    const look = (): void => {
      const view = _outbox?._view;
      if (!view || view === told) return;
      const loads = isDocument ? performance.getEntriesByType("navigation") : [];
      const [load] = loads as PerformanceNavigationTiming[];
      if (load?.responseStatus === 404 || document.querySelector("[data-tallymark-not-found]")) {
        told = view;
        track("not_found");
      }
    };

    let timer = setTimeout(look, settleMs);
    const unlisten = listen(`visibilitychange pagehide ${LEAVE}`, ({ type }) => {
      look();
      if (type !== LEAVE) return;
      // Where it is the first view that begins, none is left.
      isDocument &&= !_outbox?._view;
      clearTimeout(timer);
      timer = setTimeout(look, settleMs);
    });
    return () => {
      unlisten();
      clearTimeout(timer);
    };
  };
}
