import { onCLS } from "web-vitals/onCLS.js";
import { onFCP } from "web-vitals/onFCP.js";
import { onINP } from "web-vitals/onINP.js";
import { onLCP } from "web-vitals/onLCP.js";
import { onTTFB } from "web-vitals/onTTFB.js";
import { LEAVE, listen } from "../core/lifecycle.ts";
import type { Beacon } from "../core/options.ts";
import type { CapturedEvent } from "../core/outbox.ts";
import {
  type DescribeTarget,
  roundVital,
  type Vital,
  type VitalsSource,
  vitalsSource,
  vitalTerm,
} from "./lib/vitals-source.ts";

type View = CapturedEvent | undefined;

/** Settings of `webVitals`. */
export interface WebVitalsOptions {
  /**
   * `vitalsAttribution` from `@tallymark/sdk/vitals-attribution`: says what each number is due to. Default: the numbers
   * alone, and a bundle without that part of the library.
   */
  readonly attribution?: VitalsSource;
  /**
   * Names an element in the attribution, for example `(element) => element.id`; nothing is said of it for `undefined`. Not
   * called for what is marked `data-tallymark-ignore`. Default: the tags it is in, such as `body>main>img`.
   */
  readonly target?: DescribeTarget;
}

const plainVitals = /* @__PURE__ */ vitalsSource([onCLS, onFCP, onINP, onLCP, onTTFB]);

/**
 * Tracks `web_vital` for CLS, INP, LCP, FCP and TTFB, as the web-vitals library measures them:
 * `{ metric: "LCP", value, delta, rating, navigation, metric_id }`. Values are ms, those of CLS a score; ratings are `good`,
 * `needs_improvement` and `poor`; `navigation` is `navigate`, `reload`, `back_forward`, `prerender`, `restore`,
 * `back_forward_cache`, or `soft_navigation` where the browser reports those.
 *
 * Each number is told once it is final, at the latest when the page is hidden. CLS and INP may change when the page is shown
 * again: then they are told again, with the same `metric_id`. The last `value` of a `metric_id` counts, which is also the
 * sum of its `delta`.
 *
 * An event belongs to the page view that its navigation has opened, though the visitor may have moved on since. Where the
 * browser reports no soft navigations, CLS and INP are those of the whole visit to the document, and belong to its first view.
 *
 * The library is started once for a page and cannot be stopped: after `stop` its listeners and observers stay, and nothing
 * is tracked. What was told before is not told again to who starts later.
 */
export function webVitals({ attribution: subscribe = plainVitals, target }: WebVitalsOptions = {}): Beacon {
  return function startWebVitals(client) {
    /** Views that were left. By the page's own clock: that of the device may be set, and goes on while the device sleeps. */
    const left: (readonly [openedMs: number, view: View])[] = [];
    /** The view of each navigation, by when that began, in ms since the page did; 0 for the load. */
    const viewOf: Record<number, View> = {};
    let openedMs = 0;
    let frame = 0;

    const unlisten = listen(LEAVE, () => {
      if (client._outbox?._view) left.push([openedMs, client._outbox._view]);
      openedMs = performance.now();
    });
    const tell = (vital: Vital): void => {
      const startMs = vital.navigationStartTime as number;
      // Where a navigation has opened none, because it was not to another path, it is the one that is open when it is first
      // asked for. The load may be told before there is any: a tab in the background has none before it is visible.
      viewOf[startMs] ??= left.find(([openedMs]) => openedMs >= startMs)?.[1] ?? client._outbox?._view;
      const view = viewOf[startMs];
      // Of the open view every event says so by itself.
      const page = view !== client._outbox?._view ? { ...view, ts: Date.now() } : !view && { url: vital.navigationURL };
      client.track(
        "web_vital",
        {
          metric: vital.name,
          value: roundVital(vital.value),
          delta: roundVital(vital.delta),
          rating: vitalTerm(vital.rating),
          navigation: vitalTerm(vital.navigationType),
          metric_id: vital.id,
          attribution: vital.attribution,
        },
        page as never,
      );
    };

    const unsubscribe = subscribe((vital) => {
      // But for the load it is always 0, and may be told before the view of its navigation is open.
      if (vital.name === "TTFB" && vital.navigationStartTime) frame = requestAnimationFrame(() => tell(vital));
      else tell(vital);
    }, target);

    return () => {
      unlisten();
      unsubscribe();
      if (frame) cancelAnimationFrame(frame);
    };
  };
}
