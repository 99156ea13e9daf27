/**
 * What `data-beacons` may ask for, each by its file in `beacons/`. Not `sessionStart`: it has to look at the first event
 * before that is made ready, 0.1 s after the page view, and a file that is still to be loaded comes too late.
 */
export const BEACON_NAMES = ["vitals", "errors", "engagement", "scroll", "forms", "rage", "dead", "notfound"] as const;
