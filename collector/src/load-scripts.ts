import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { ScriptFile } from "./http/routes/script.ts";

const NAMES = ["tallymark", "tallymark-dev"] as const;

/** The built script files of the SDK package this collector was installed with. */
export function loadScripts(): ScriptFile[] {
  return NAMES.map((name) => ({ name, code: readBuilt(`@tallymark/sdk/${name}.min.js`) }));
}

function readBuilt(specifier: string): string | undefined {
  try {
    return readFileSync(fileURLToPath(import.meta.resolve(specifier)), "utf8");
  } catch {
    return undefined;
  }
}
