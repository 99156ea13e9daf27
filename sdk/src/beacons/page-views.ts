import { attemptAll, isBrowser, listen } from "../core/lifecycle.ts";
import type { Beacon, PageFacts } from "../core/options.ts";
import { afterHistoryCall } from "./lib/after-history-call.ts";

/** Settings of `pageViews`. */
export interface PageViewsOptions {
  /**
   * The page uses a hash router: `#/users/1` is a page of its own and is sent as a part of the path (default false).
   * What follows `?`, `&` or `=` in the fragment is not sent: it may be a secret, such as an access token.
   */
  readonly hash?: boolean;
}

/**
 * Tracks `page_view` when the page loads, when its path changes without a load (`pushState`, `replaceState`, back and
 * forward), and when it comes back from the back/forward cache. This happens during the navigation, so what the page
 * tracks next comes after its view. A change of the query is no view; a prerendered page counts when it is shown.
 *
 * After a navigation inside the page the referrer is the address before it, and there is no title: pages set the new
 * one later.
 */
export function pageViews({ hash = false }: PageViewsOptions = {}): Beacon {
  return function startPageViews(client) {
    if (!isBrowser()) return () => {};
    let here: string | undefined;
    let page: PageFacts = {};

    const onChange = (event?: Partial<PageTransitionEvent>): void => {
      const path = location.pathname + (hash ? location.hash : "");
      const next = location.origin + path.replace(/\/?#!?\/?([^?&=]*).*/, "/$1");
      const isSame = next === here && !event?.persisted;
      if (isSame || (document as { prerendering?: boolean }).prerendering) return;
      if (here && next !== here) page = { referrer: here, title: "" };
      here = next;
      client.track("page_view", undefined, { url: here + location.search, ...page });
    };

    onChange();
    const undo = [
      afterHistoryCall("pushState", onChange),
      afterHistoryCall("replaceState", onChange),
      // Captured, to come before the page's own router and what that tracks.
      listen("popstate hashchange pageshow prerenderingchange", onChange, true),
    ];
    return () => {
      attemptAll(undo);
    };
  };
}
