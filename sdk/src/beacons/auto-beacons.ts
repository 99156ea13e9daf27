import { installBeacons } from "../core/lifecycle.ts";
import type { Beacon } from "../core/options.ts";
import { type LinkClicksOptions, linkClicks } from "./link-clicks.ts";
import { type PageViewsOptions, pageViews } from "./page-views.ts";
import { taggedEvents } from "./tagged-events.ts";

/** Settings of `autoBeacons`: those of each beacon, or `false` to leave it out. */
export interface AutoBeaconsOptions {
  readonly pageViews?: PageViewsOptions | false;
  readonly linkClicks?: LinkClicksOptions | false;
  readonly taggedEvents?: false;
}

/** The usual beacons as one: page views, link clicks and tagged events. */
export function autoBeacons({
  pageViews: views = {},
  linkClicks: links = {},
  taggedEvents: tagged,
}: AutoBeaconsOptions = {}): Beacon {
  const beacons: Beacon[] = [];
  if (views) beacons.push(pageViews(views));
  if (links) beacons.push(linkClicks(links));
  if (tagged !== false) beacons.push(taggedEvents());
  return (client) => installBeacons(beacons, client);
}
