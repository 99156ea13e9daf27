import type { Beacon } from "../core/options.ts";
import { type LinkClicksOptions, linkClicks } from "./link-clicks.ts";
import { type PageViewsOptions, pageViews } from "./page-views.ts";

/** Settings of `autoBeacons`: those of each beacon, or `false` to leave it out. */
export interface AutoBeaconsOptions {
  readonly pageViews?: PageViewsOptions | false;
  readonly linkClicks?: LinkClicksOptions | false;
}

/** All beacons as one. */
export function autoBeacons({ pageViews: views = {}, linkClicks: links = {} }: AutoBeaconsOptions = {}): Beacon {
  const beacons: Beacon[] = [];
  if (views) beacons.push(pageViews(views));
  if (links) beacons.push(linkClicks(links));
  return function startAutoBeacons(client) {
    const stops = beacons.map((beacon) => beacon(client));
    return () => {
      for (const stop of stops) stop();
    };
  };
}
