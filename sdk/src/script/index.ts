/**
 * The script tag: counts page views and link clicks, and puts the client on `window.tallymark`.
 *
 * ```html
 * <script defer src="https://stats.example.com/tallymark.js" data-site="shop" data-sample-rate="0.5"></script>
 * ```
 * @module
 */
import { linkClicks } from "../beacons/link-clicks.ts";
import { pageViews } from "../beacons/page-views.ts";
import { createTallymark } from "../core/client.ts";
import { findScript, readAttributes } from "./attributes.ts";
import { isClient, replayCalls } from "./stub.ts";

const early = window.tallymark;

// A tag that is on the page twice counts once.
if (!isClient(early)) {
  const client = createTallymark({ ...readAttributes(findScript("tallymark")), beacons: [pageViews(), linkClicks()] });
  window.tallymark = client;
  replayCalls(early?.q, client);
}
