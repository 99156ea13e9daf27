import { deadClicks } from "../src/beacons/dead-clicks.ts";
import { engagement } from "../src/beacons/engagement.ts";
import { errors } from "../src/beacons/errors.ts";
import { formSubmits } from "../src/beacons/form-submits.ts";
import { linkClicks } from "../src/beacons/link-clicks.ts";
import { notFound } from "../src/beacons/not-found.ts";
import { pageViews } from "../src/beacons/page-views.ts";
import { rageClicks } from "../src/beacons/rage-clicks.ts";
import { scrollDepth } from "../src/beacons/scroll-depth.ts";
import { sessionStart } from "../src/beacons/session-start.ts";
import { taggedEvents } from "../src/beacons/tagged-events.ts";
import { webVitals } from "../src/beacons/web-vitals.ts";
import type { Beacon } from "../src/core/options.ts";

/** Each beacon there is, with its defaults: for what must hold of all of them. */
export const EVERY_BEACON: { readonly [name: string]: () => Beacon } = {
  pageViews,
  sessionStart,
  engagement,
  scrollDepth,
  linkClicks,
  taggedEvents,
  formSubmits,
  rageClicks,
  deadClicks,
  notFound,
  errors,
  webVitals,
};
