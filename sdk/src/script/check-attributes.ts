import { isSite } from "../core/check-options.ts";
import { ENDPOINT } from "./attributes.ts";
import { BEACON_NAMES } from "./beacon-names.ts";
import { complain } from "./complain.ts";

/** Attribute, whether its value makes sense, what it must be, and what happens else. */
type Rule = readonly [attribute: string, isFine: (value: string) => boolean, must: string, instead: string];

const oneOf = (words: string) => (value: string) => words.split(" ").includes(value);

const RULES: readonly Rule[] = [
  [
    "data-endpoint",
    (value) => ENDPOINT.test(value),
    "an address such as https://stats.example.com",
    "what it says is used all the same",
  ],
  [
    "data-site",
    isSite,
    "1–64 letters, digits and _ . -",
    "the collector refuses every event, or keeps it without a site where this is empty",
  ],
  [
    "data-sample-rate",
    (value) => value.trim() !== "" && Number(value) >= 0 && Number(value) <= 1,
    "a number from 0 to 1",
    "1 is used, or 0 for what is less",
  ],
  [
    "data-consent",
    oneOf("granted pending denied"),
    "granted, pending or denied",
    "nothing is sent before the visitor opts in",
  ],
  ["data-identity", oneOf("persistent session memory none"), "persistent, session, memory or none", "memory is used"],
  [
    "data-beacons",
    (value) => value.split(/\s+/).every((name) => name === "" || BEACON_NAMES.includes(name as never)),
    `names with spaces between them, out of ${BEACON_NAMES.join(" ")}`,
    "what is not among them is left out",
  ],
  ["data-respect-gpc", oneOf("true false"), "true or false", "true is used"],
  ["data-respect-dnt", oneOf("true false"), "true or false", "false is used"],
];

/** Names on the console each attribute of the main script's tag that makes no sense, and what is used instead. */
export function checkAttributes(script: Element): void {
  for (const [attribute, isFine, must, instead] of RULES) {
    const value = script.getAttribute(attribute);
    if (value !== null && !isFine(value)) complain(`${attribute} must be ${must}, not "${value}"; ${instead}.`);
  }
}
