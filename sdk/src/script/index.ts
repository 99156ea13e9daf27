/**
 * The script tag: counts page views, clicks on links and tagged elements, keeps events while there is no network, and puts
 * the client on `window.tallymark`. All attributes but `src` may be left out; they are the options of `createTallymark`.
 *
 * ```html
 * <script
 *   defer
 *   src="https://stats.example.com/tallymark.js"
 *   data-endpoint="https://stats.example.com"
 *   data-site="shop"
 *   data-sample-rate="0.5"
 *   data-consent="pending"
 *   data-identity="session"
 *   data-respect-gpc="false"
 *   data-respect-dnt="true"
 * ></script>
 * ```
 *
 * Without `data-endpoint` it is the origin the script came from. A tag that is on the page twice counts once.
 * @module
 */
import { linkClicks } from "../beacons/link-clicks.ts";
import { pageViews } from "../beacons/page-views.ts";
import { taggedEvents } from "../beacons/tagged-events.ts";
import { createTallymark } from "../core/client.ts";
import { deferredFlush } from "../plugins/deferred-flush.ts";
import { offlineQueue } from "../plugins/offline-queue.ts";
import { findScript, MAIN_FILE, readAttributes } from "./attributes.ts";
import { replaceStub } from "./stub.ts";

replaceStub(
  createTallymark({
    ...readAttributes(findScript(MAIN_FILE)),
    // What keeps events comes before what makes them, so that the first page view is kept too.
    beacons: [offlineQueue(), deferredFlush(), pageViews(), linkClicks(), taggedEvents()],
  }),
);
