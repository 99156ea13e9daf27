/**
 * What a client can capture by itself: `createTallymark({ endpoint, beacons: [pageViews(), linkClicks()] })`.
 * @module
 */
export { type AutoBeaconsOptions, autoBeacons } from "./auto-beacons.ts";
export { hashPath } from "./hash-path.ts";
export { type LinkClicksOptions, linkClicks } from "./link-clicks.ts";
export { type PageViewsOptions, pageViews } from "./page-views.ts";
export { taggedEvents } from "./tagged-events.ts";
