import { attemptAll, isBrowser, listen } from "../core/lifecycle.ts";
import type { Beacon, PageFacts } from "../core/options.ts";
import { afterHistoryCall } from "./lib/after-history-call.ts";

/** Settings of `pageViews`. */
export interface PageViewsOptions {
  /**
   * What counts as the page, as a path such as `/users/1`. Default: the path of the address. For a hash router there is
   * `hashPath`; a function of your own may leave ids out.
   */
  readonly path?: () => string;
}

/**
 * Tracks `page_view` when the page loads, when its path changes without a load (`pushState`, `replaceState`, back and
 * forward), and when it comes back from the back/forward cache. This happens during the navigation, so what the page
 * tracks next comes after its view. A change of the query is no view; a prerendered page counts when it is shown.
 *
 * After a navigation inside the page the referrer is the address before it, and there is no title: pages set the new
 * one later.
 */
export function pageViews({ path = () => location.pathname }: PageViewsOptions = {}): Beacon {
  return function startPageViews(client) {
    if (!isBrowser()) return () => {};
    let here: string | undefined;
    let isStopped = false;

    const onChange = (event?: Partial<PageTransitionEvent>): void => {
      const next = path();
      const isSame = next === here && !event?.persisted;
      if (isStopped || isSame || (document as { prerendering?: boolean }).prerendering) return;
      client.track("page_view", null, {
        url: next + location.search,
        ...((here && next !== here && { referrer: location.origin + here, title: "" }) as PageFacts),
      });
      here = next;
    };

    onChange();
    const undo = [
      // Captured, to come before the page's own router and what that tracks.
      listen("popstate pageshow prerenderingchange", onChange),
      afterHistoryCall("pushState", onChange),
      afterHistoryCall("replaceState", onChange),
    ];
    return () => {
      attemptAll(undo);
      // Who patched the history after us still calls.
      isStopped = true;
    };
  };
}
