/**
 * The script tag of the developer tools, for pages without a build. May stand before or after the main one, whose
 * attributes it checks. `data-token` can be read by everybody who can read the page: leave it out on a public one.
 *
 * ```html
 * <script defer src="https://stats.example.com/tallymark-dev.js"></script>
 * ```
 * @module
 */
import type { BeaconClient } from "../core/options.ts";
import { devTools } from "../dev/dev-tools.ts";
import { findScript, MAIN_FILE, readAttributes } from "./attributes.ts";
import { checkAttributes } from "./check-attributes.ts";
import { complain } from "./complain.ts";
import type {} from "./stub.ts";

const script = findScript(/tallymark-dev\.[^/]*$/);
if (!script) complain("tallymark-dev knows no tag of its own; this page's own origin is taken for the collector.");

/**
 * Whatever is on the page when it is called: the main script may replace its stub later, or come later itself. An element
 * with `id="tallymark"` has no such methods.
 */
const client: BeaconClient = {
  track: (...args) => void window.tallymark?.track?.(...args),
  flush: async () => window.tallymark?.flush?.(),
};

function start(): void {
  for (const tag of document.scripts) if (MAIN_FILE.test(tag.src)) checkAttributes(tag);
  // A tag that is on the page twice shows one badge.
  if (document.querySelector("tallymark-badge")) return;
  devTools({ endpoint: readAttributes(script).endpoint, token: script?.dataset.token })(client);
}

// All scripts of the page's source have run by then, deferred ones too.
if (window.tallymark?.track || document.readyState === "complete") start();
else addEventListener("load", start, { once: true });
