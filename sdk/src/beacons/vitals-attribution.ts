/**
 * What web vitals are due to: `webVitals({ attribution: vitalsAttribution })`. Apart from the other beacons, for it brings
 * the larger build of the web-vitals library along, which observes the page's requests as soon as it is imported.
 * @module
 */
import { onCLS } from "web-vitals/attribution/onCLS.js";
import { onFCP } from "web-vitals/attribution/onFCP.js";
import { onINP } from "web-vitals/attribution/onINP.js";
import { onLCP } from "web-vitals/attribution/onLCP.js";
import { onTTFB } from "web-vitals/attribution/onTTFB.js";
import { scrub } from "../core/scrub.ts";
import type { JsonValue, Metadata } from "../protocol/event.ts";
import { elementPath } from "./lib/element-path.ts";
import { roundVital, type VitalsSource, vitalsSource, vitalTerm } from "./lib/vitals-source.ts";

const richVitals = /* @__PURE__ */ vitalsSource([onCLS, onFCP, onINP, onLCP, onTTFB]);

/** What the library says, in its own terms, and entries of the browser's, which are left out. */
type Attribution = { readonly [name: string]: unknown } & { readonly longestScript?: LongestScript };

interface LongestScript {
  /** https://w3c.github.io/long-animation-frames/#sec-PerformanceScriptTiming */
  readonly entry: { readonly sourceURL: string };
  readonly subpart: string;
  readonly intersectingDuration: number;
}

/** What begins so is a name that we have given. Of an element that is gone the library, or the browser, would give the id. */
const OURS = " ";

/**
 * For `webVitals({ attribution: vitalsAttribution })`: adds `attribution` to each number, which is the library's own in our
 * spelling, such as `{ target: "main>img", url: "https://shop.example/hero.jpg", time_to_first_byte: 120.5, … }` for LCP.
 * Times are in ms. An element is told by its tags, unless `target` has a name for it, and named when the browser reports it,
 * so that it may be gone afterwards. Addresses are without query; no text and no attribute is read.
 */
export const vitalsAttribution: VitalsSource = (report, target = elementPath) =>
  richVitals(
    (vital) => report({ ...vital, attribution: toMetadata(vital.attribution as Attribution) }),
    (node: Node | null) => {
      const element = node instanceof Element ? node : node?.parentElement;
      return element && !isIgnored(element) ? OURS + (target(element) ?? "") : "";
    },
  );

/** @param element nothing outside of the outermost shadow root */
function isIgnored(element: Element | undefined): unknown {
  return (
    element &&
    (element.closest("[data-tallymark-ignore]") ?? isIgnored((element.getRootNode() as Partial<ShadowRoot>).host))
  );
}

function toMetadata({ longestScript, ...rest }: Attribution): Metadata {
  const said: Record<string, JsonValue> = {};
  const script = longestScript && {
    longestScriptUrl: longestScript.entry.sourceURL,
    longestScriptSubpart: longestScript.subpart,
    longestScriptDuration: longestScript.intersectingDuration,
  };
  for (const [name, value] of Object.entries({ ...rest, ...script })) {
    const key = name.replace(/[A-Z]+/g, "_$&").toLowerCase();
    if (typeof value === "number") said[key] = roundVital(value);
    if (typeof value !== "string") continue;
    let text = vitalTerm(value);
    if (/url$/.test(key)) text = scrub(value);
    if (/target$/.test(key)) text = value.startsWith(OURS) ? value.slice(1) : "";
    if (text) said[key] = text;
  }
  return said;
}
