import { fileURLToPath } from "node:url";
import { compileFunction, createContext } from "node:vm";
import { build, type Plugin } from "esbuild";
import type { GenerateTarget, Vital } from "../../src/beacons/lib/vitals-source.ts";

/** As `vitals-source.ts` sets them. */
interface VitalOptions {
  readonly reportSoftNavs: true;
  readonly generateTarget: GenerateTarget;
}

type OnVital = (report: (vital: Vital) => void, options: VitalOptions) => void;

/** Loads the library in a page with these globals. @returns its functions by name, such as `onCLS` */
export type Library = (globals: Readonly<Record<string, unknown>>) => Readonly<Record<string, OnVital>>;

const SDK = fileURLToPath(new URL("../..", import.meta.url));

export const VITALS = ["CLS", "FCP", "INP", "LCP", "TTFB"];

/** Globals that the library has by their bare names. What it asks `globalThis` for is not here, and may be missing. */
const GLOBAL_NAMES = [
  "addEventListener",
  "clearTimeout",
  "document",
  "performance",
  "PerformanceEventTiming",
  "PerformanceNavigationTiming",
  "PerformanceObserver",
  "queueMicrotask",
  "removeEventListener",
  "requestAnimationFrame",
  "setTimeout",
];

/**
 * @param folder of the web-vitals library: "" for the plain functions, "attribution/" for those with attribution
 * @param plugins such as the one that cuts parts out
 */
export async function buildLibrary(folder: string, plugins: Plugin[] = []): Promise<Library> {
  const contents = VITALS.map((name) => `export { on${name} } from "web-vitals/${folder}on${name}.js";`).join("\n");
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: SDK },
    bundle: true,
    format: "iife",
    globalName: "webVitals",
    logLevel: "silent",
    plugins,
    write: false,
  });
  // One function for all pages, for a context of each page's own takes twice as long. Here are none of Node's globals.
  const load = compileFunction(`${outputFiles[0]?.text} return webVitals;`, ["globalThis", ...GLOBAL_NAMES], {
    parsingContext: createContext(),
  });
  return (globals) => load(globals, ...GLOBAL_NAMES.map((name) => globals[name]));
}
