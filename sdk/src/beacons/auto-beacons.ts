import { installBeacons } from "../core/lifecycle.ts";
import type { Beacon } from "../core/options.ts";
import { engagement } from "./engagement.ts";
import { formSubmits } from "./form-submits.ts";
import { type LinkClicksOptions, linkClicks } from "./link-clicks.ts";
import { type PageViewsOptions, pageViews } from "./page-views.ts";
import { scrollDepth } from "./scroll-depth.ts";
import { taggedEvents } from "./tagged-events.ts";

/** Settings of `autoBeacons`: those of each beacon, or `false` to leave it out. */
export interface AutoBeaconsOptions {
  readonly pageViews?: PageViewsOptions | false;
  readonly engagement?: false;
  readonly scrollDepth?: false;
  readonly linkClicks?: LinkClicksOptions | false;
  readonly taggedEvents?: false;
  readonly formSubmits?: false;
}

/**
 * The usual beacons as one: page views, engagement, scroll depth, link clicks, tagged events and form submits. What is left
 * out here is in the bundle all the same; who wants to save that imports the beacons one by one.
 */
export function autoBeacons(options: AutoBeaconsOptions = {}): Beacon {
  const beacons: Beacon[] = [];
  const add = <Settings>(beacon: (settings?: Settings) => Beacon, settings?: Settings | false): void => {
    if (settings !== false) beacons.push(beacon(settings));
  };
  add(pageViews, options.pageViews);
  add(engagement, options.engagement);
  add(scrollDepth, options.scrollDepth);
  add(linkClicks, options.linkClicks);
  add(taggedEvents, options.taggedEvents);
  add(formSubmits, options.formSubmits);
  return (client) => installBeacons(beacons, client);
}
