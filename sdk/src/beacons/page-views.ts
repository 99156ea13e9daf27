import { attemptAll, listen } from "../core/lifecycle.ts";
import type { Beacon } from "../core/options.ts";
import { scrub } from "../core/scrub.ts";

type Load = PerformanceNavigationTiming | undefined;

/** Settings of `pageViews`. */
export interface PageViewsOptions {
  /**
   * What counts as the page, and is told as its address: a path such as `/users/1`, or a whole address; `""` for a page
   * that is not counted. Where it changes there is another view. Default: the address without fragment and query, but with
   * `utm_*`. For a hash router there is `hashPath`, for `/users/:id` and pages to leave out `routePath`, for pages that
   * differ in their query `queryPath`.
   */
  readonly path?: () => string;
}

/**
 * Tracks `page_view` when the page loads, when its path changes without a load (`pushState`, `replaceState`, back and
 * forward), and when it comes back from the back/forward cache. What nobody sees is no view: a tab that was opened in the
 * background counts when it is first visible, a prerendered page when it is shown. A view that moves on by itself within
 * 0.1 s was a redirect, and counts once, under its last address.
 *
 * This happens during the navigation, so what the page tracks next comes after its view and carries its `page_view_id`.
 * The title is read 0.1 s later, for pages that set the new one late. After a navigation inside the page the referrer is
 * the address before it.
 *
 * `{ navigation }` is how it came about: `navigate`, `reload` or `back_forward` for a load, as
 * https://w3c.github.io/navigation-timing/#sec-performance-navigation-types has it, `back_forward_cache`, or
 * `soft_navigation` inside the page.
 */
export function pageViews({ path = () => scrub(`${document.URL}`) }: PageViewsOptions = {}): Beacon {
  return function startPageViews({ track, _outbox }) {
    let here: string | undefined;
    let navigation: string | undefined;

    const onChange = (event?: Partial<PageTransitionEvent>): void => {
      // What the visitor does from here on leads to a view of its own.
      if (event?.type === "click") return void _outbox?._ready();
      if (event?.persisted) {
        here = undefined;
        navigation = "back_forward_cache";
      }
      const next = path();
      if (document.hidden || next === here) return;
      if (!next) _outbox?._leave();
      // A redirect, where the page calls `history` by itself before the view has its title, and so may be under way.
      else if (!event && _outbox?._view && _outbox._view.title === undefined) _outbox._view.url = next;
      else
        track(
          "page_view",
          { navigation: navigation ?? (performance.getEntriesByType("navigation")[0] as Load)?.type },
          {
            url: next,
            title: undefined,
            referrer: here,
          } as never,
        );
      here = next;
      navigation = "soft_navigation";
    };

    attemptAll([onChange]);
    // Before the page's own router and what that tracks.
    return listen("pushState replaceState popstate click pageshow visibilitychange", onChange);
  };
}
