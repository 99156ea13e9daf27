import { readFile } from "node:fs/promises";
import type { Options } from "tsup";

type Plugin = NonNullable<Options["esbuildPlugins"]>[number];

/** `export function linkClicks({ downloads = /…/, contacts }: LinkClicksOptions = {}): Beacon {`; none is given another name. */
const BEACON_OPTIONS = /\(\{([^:;]*?),?\s*\}: \w+ = \{\}\): Beacon \{/;

/** `const { endpoint = "", sampleBy, … }: Partial<TallymarkOptions> = options ?? {};` */
const CLIENT_OPTIONS = /(const \{)([^;]*)(\}: Partial<TallymarkOptions> = [^;]*;)/;

/** Those of the client that `readAttributes` never returns, each with its default and a comma. */
const NO_ATTRIBUTE = /\b(sampleRates|sampleBy|beforeSend)\b[^,]*,/g;

/**
 * Where a script tag runs there is a page, its client is ours, no event has a rate of its own, and `readAttributes` leaves
 * none of these options out.
 */
const FACTS = [
  ['typeof document !== "undefined"', "true"],
  ["running.document", "true"],
  ["_outbox?.", "_outbox."],
  ["sampleRates[captured.event], ", ""],
  ['endpoint = "",', "endpoint,"],
  ["respectGpc = true,", "respectGpc,"],
  ["beacons = [],", "beacons,"],
  ["= options ?? {};", "= options;"],
] as const;

/**
 * For the script tag: options that no attribute can set become constants with their defaults, and so does what is always
 * so; the minifiers then see through them. In `src/script` no beacon is given options; one that is has to be left out here.
 * What is written otherwise in the source stays as it is, and costs its bytes.
 */
export const fixedOptions: Plugin = {
  name: "fixed-options",
  setup({ onLoad }) {
    onLoad({ filter: /\bsrc.(beacons|plugins|core)\b.*\.ts$/ }, async ({ path }) => ({
      loader: "ts",
      contents: FACTS.reduce(
        (source, [text, instead]) => source.replaceAll(text, instead),
        fixOptions(await readFile(path, "utf8")),
      ),
    }));
  },
};

function fixOptions(source: string): string {
  return source
    .replace(BEACON_OPTIONS, "(): Beacon { let $1;")
    .replace(CLIENT_OPTIONS, (_, start, names: string, end) => {
      const fixed = (names.match(NO_ATTRIBUTE) ?? []).map((name) => `let ${name.slice(0, -1)};`);
      return start + names.replace(NO_ATTRIBUTE, "") + end + fixed.join("");
    });
}
