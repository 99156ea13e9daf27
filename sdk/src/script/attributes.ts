import type { Consent, IdentityMode, TallymarkOptions } from "../core/options.ts";

/** A script's element; `null` where nobody knows. */
type ScriptTag = Document["currentScript"];

/** What `data-endpoint` may be: an address, a path, or empty for the page's own origin. */
export const ENDPOINT = /^(https?:\/\/.|\/|$)/i;

/** How the address of the main script ends: `tallymark.js`, `tallymark.0.1.0.js`. */
export const MAIN_FILE = /tallymark\.[^/]*$/;

/**
 * The tag that is running, to be asked before the first `await`. A module has no `currentScript`; its tag is known by the
 * file's name. Nothing where there is no such tag, as after `import`.
 * @param file what its address ends with
 */
export function findScript(file: RegExp): ScriptTag | undefined {
  return document.currentScript ?? [...document.scripts].find(({ src }) => file.test(src));
}

/**
 * What the tag's `data-*` attributes ask for. Without `data-endpoint` events go to the origin the script came from, or to
 * the page's own where the script is inline. What makes no sense `checkAttributes` names.
 */
export function readAttributes(script: ScriptTag | undefined): TallymarkOptions {
  const { src = "", dataset = {} } = (script ?? {}) as Partial<HTMLScriptElement>;
  const { endpoint, site, sampleRate, consent, identity, respectGpc, respectDnt } = dataset;
  return {
    endpoint: endpoint ?? src.split("/", 3).join("/"),
    site: site || undefined,
    sampleRate: +(sampleRate?.trim() || 1),
    consent: consent as Consent,
    identity: identity as IdentityMode,
    respectGpc: respectGpc !== "false",
    respectDnt: respectDnt === "true",
  } as TallymarkOptions;
}
