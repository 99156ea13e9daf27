/**
 * What a client can capture by itself: `createTallymark({ endpoint, beacons: [pageViews(), linkClicks()] })`.
 * @module
 */
export { type AutoBeaconsOptions, autoBeacons } from "./auto-beacons.ts";
export { type DeadClicksOptions, deadClicks } from "./dead-clicks.ts";
export { engagement } from "./engagement.ts";
export { type ErrorsOptions, errors } from "./errors.ts";
export { formSubmits } from "./form-submits.ts";
export { hashPath } from "./hash-path.ts";
export { type LinkClicksOptions, linkClicks } from "./link-clicks.ts";
export { type NotFoundOptions, notFound } from "./not-found.ts";
export { type PageViewsOptions, pageViews } from "./page-views.ts";
export { queryPath } from "./query-path.ts";
export { type RageClicksOptions, rageClicks } from "./rage-clicks.ts";
export { type RoutePathOptions, routePath } from "./route-path.ts";
export { scrollDepth } from "./scroll-depth.ts";
export { sessionStart } from "./session-start.ts";
export { taggedEvents } from "./tagged-events.ts";
export { type WebVitalsOptions, webVitals } from "./web-vitals.ts";
