import { copyFileSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "tsup";

const COLLECTOR = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Bundles `serve-until.ts`, the collector in it, into a folder, because starting it from source takes longer than it lives.
 * @returns the program's path
 */
export async function buildCollector(folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  // Where the bundle looks for its version and for what is not bundled.
  copyFileSync(join(COLLECTOR, "package.json"), join(folder, "package.json"));
  symlinkSync(join(COLLECTOR, "node_modules"), join(folder, "node_modules"));
  await build({
    config: false,
    silent: true,
    entry: [join(COLLECTOR, "test/crash/serve-until.ts")],
    outDir: join(folder, "dist"),
    format: ["esm"],
    target: "node20",
    clean: false,
    skipNodeModulesBundle: true,
    noExternal: [/^@tallymark\/sdk/],
    esbuildOptions(options) {
      options.conditions = ["@tallymark/source"];
    },
  });
  return join(folder, "dist/serve-until.js");
}
