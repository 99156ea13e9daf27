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
 *   data-beacons="vitals errors engagement scroll forms rage dead notfound"
 * ></script>
 * ```
 *
 * Without `data-endpoint` it is the origin the script came from. A tag that is on the page twice counts once.
 *
 * `data-beacons` names what to capture besides: web vitals, errors, engagement, scroll depth, form submits, rage clicks,
 * dead clicks, pages not found. Each is a file of its own, which never changes and is loaded with
 * `integrity` from beside this one; so is the small loader that knows them, `tallymark-beacons.<hash>.js`. They start and
 * stop with the client, and begin after the page view. A file that a policy, a blocker or a wrong hash keeps away is
 * missing alone. For up to an hour after an upgrade a browser may have the main file of the release before, whose extra
 * beacons are gone if they have changed since: until it asks again it counts all but those.
 *
 * The tag's `nonce` is used for them too. `script-src` must allow them by that, or by their origin. A page with
 * `require-trusted-types-for` may have to allow the policy `tallymark`. Who pins this file with `integrity` should pin the
 * loader too, by the `integrity` of an import map, for `import()` takes no hash.
 * @module
 */
import { linkClicks } from "../beacons/link-clicks.ts";
import { pageViews } from "../beacons/page-views.ts";
import { taggedEvents } from "../beacons/tagged-events.ts";
import { createTallymark } from "../core/client.ts";
import { deferredFlush } from "../plugins/deferred-flush.ts";
import { offlineQueue } from "../plugins/offline-queue.ts";
import { findScript, MAIN_FILE, readAttributes } from "./attributes.ts";
import { extraBeacons } from "./extra-beacons.ts";
import { replaceStub } from "./stub.ts";

const tag = findScript(MAIN_FILE) as HTMLScriptElement | null | undefined;

replaceStub(
  createTallymark({
    ...readAttributes(tag),
    // What keeps events comes before what makes them, so that the first page view is kept too.
    beacons: [offlineQueue(), deferredFlush(), pageViews(), linkClicks(), taggedEvents(), extraBeacons(tag)],
  }),
);
