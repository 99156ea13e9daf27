import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ScriptFile } from "./http/routes/script.ts";

/** Files that are asked for by their own name: the newest one, or one version. */
const NAMED: ReadonlySet<string> = new Set(["tallymark", "tallymark-dev"]);

/** How the build calls a script file. */
const BUILT = /^(tallymark(?:-[a-z]+)?)\.min\.js$/;

/** The built script files of the SDK package this collector was installed with; none where they were not built. */
export function loadScripts(): ScriptFile[] {
  try {
    const folder = dirname(fileURLToPath(import.meta.resolve("@tallymark/sdk/tallymark.min.js")));
    return readdirSync(folder).flatMap((file) => {
      const name = BUILT.exec(file)?.[1];
      return name ? { name, code: readFileSync(join(folder, file), "utf8"), isExtra: !NAMED.has(name) } : [];
    });
  } catch {
    return [];
  }
}
