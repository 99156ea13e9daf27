import { attemptAll, LEAVE, listen } from "../core/lifecycle.ts";
import type { Beacon } from "../core/options.ts";

/**
 * Tracks `scroll_depth` with `{ percent }`: how far down the visitor has seen the page, when the view is left, and when the
 * page is hidden and that has changed; the last one of a `page_view_id` counts. A page that grows is measured by the length
 * it has in the end; one that fits the window is 100. What scrolls inside the page is the page, once it is scrolled, where
 * it is longer.
 *
 * Sizes are read where the browser has just laid out the page: nothing here makes it do so once more.
 */
export function scrollDepth(): Beacon {
  return function startScrollDepth({ track, _outbox }) {
    /** In CSS pixels from the top of what is the page, and its length. */
    let deepest = 0;
    let height = 1;
    let sent = 0;
    let page: Element | undefined;
    let scrolled: Element | undefined;

    let observer: ResizeObserver | undefined;
    const measure = () => {
      // In quirks mode there may be none: https://drafts.csswg.org/cssom-view/#dom-document-scrollingelement
      page ??= document.scrollingElement ?? document.documentElement;
      if (scrolled && scrolled.scrollHeight > page.scrollHeight) {
        page = scrolled;
        deepest = 0;
      }
      // Before the visitor scrolls it is the top: a router may not have scrolled up yet.
      deepest = Math.max(deepest, page.clientHeight + (page === scrolled ? page.scrollTop : 0));
      height = Math.max(deepest, page.scrollHeight);
    };

    const onTurn = ({ type, target }: Event): void => {
      if (type === "scroll") scrolled = ((target as Document).scrollingElement ?? target) as Element;
      else {
        const percent = Math.round((100 * deepest) / height);
        if (_outbox?._view && percent !== sent) track("scroll_depth", { percent });
        sent = percent;
        if (type === LEAVE) {
          deepest = sent = 0;
          page = scrolled = undefined;
        }
      }
      // What is observed anew is told once the page is laid out: https://drafts.csswg.org/resize-observer/#intro
      observer ??= new ResizeObserver(measure);
      observer.disconnect();
      observer.observe(document.documentElement);
    };

    attemptAll([onTurn], {} as Event);
    const unlisten = listen(`scroll visibilitychange pagehide ${LEAVE}`, onTurn);
    return () => {
      unlisten();
      observer?.disconnect();
    };
  };
}
