import { isSite } from "../core/check-options.ts";
import type { TallymarkOptions } from "../core/options.ts";

/** What a script tag can set. */
export type ScriptOptions = Pick<TallymarkOptions, "endpoint" | "site" | "sampleRate">;

/** The script that is running; `null` where nobody knows. */
export type ScriptTag = Document["currentScript"];

/**
 * The tag that is running, to be asked before the first `await`. A module has no `currentScript`; its tag is known by the
 * file's name. `null`, with a word on the console, where there is no such tag, as after `import`.
 * @param name of the file, without version and ending
 */
export function findScript(name: string): ScriptTag {
  const script =
    document.currentScript ?? document.querySelector<HTMLScriptElement>(`script[type=module][src*="/${name}."]`);
  if (!script)
    complain("loaded without a script tag of its own, so this page's own origin is taken for the collector.");
  return script;
}

/**
 * Reads `data-endpoint`, `data-site` and `data-sample-rate` (0–1, default 1). One that makes no sense is named on the
 * console, and its default is used.
 */
export function readAttributes(script: ScriptTag): ScriptOptions {
  const { site, sampleRate } = script?.dataset ?? {};
  const rate = Number(sampleRate?.trim() || NaN);
  const options: { -readonly [Key in keyof ScriptOptions]: ScriptOptions[Key] } = { endpoint: readEndpoint(script) };

  if (rate >= 0 && rate <= 1) options.sampleRate = rate;
  else if (sampleRate !== undefined) complain("data-sample-rate must be a number from 0 to 1; 1 is used.");

  if (site && isSite(site)) options.site = site;
  else if (site !== undefined) complain("data-site must be 1–64 letters, digits and _ . -; it is left out.");

  return options;
}

/** Reads `data-endpoint`. Default: the origin the script came from, or the page's own where the script is inline. */
export function readEndpoint(script: ScriptTag): string {
  const { endpoint } = script?.dataset ?? {};
  if (endpoint !== undefined && /^(https?:\/\/.|\/|$)/i.test(endpoint)) return endpoint;
  if (endpoint !== undefined) {
    complain("data-endpoint must be an address such as https://stats.example.com; the script's own origin is used.");
  }
  const { src } = (script ?? {}) as Partial<HTMLScriptElement>;
  return src ? new URL(src).origin : "";
}

function complain(message: string): void {
  // biome-ignore lint/suspicious/noConsole: in production too, for a script tag has no build that could tell.
  console.warn(`Tallymark: ${message}`);
}
