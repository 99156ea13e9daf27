import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { say } from "./say.ts";
import { StartError } from "./start-error.ts";

const SDK = fileURLToPath(new URL("../../sdk", import.meta.url));
const BUILT = ["dist/tallymark.min.js", "dist/tallymark-dev.min.js"];
const SETTINGS = ["tsup.script.config.ts", "package.json"];

/**
 * Builds the files that the script tag loads, if one is missing or older than what it is made of.
 * @throws StartError where the build fails, after its output was printed
 */
export async function buildScripts(): Promise<void> {
  if (areFresh()) return;
  say("Building the script tag …");
  const { status, output } = await runTsup();
  if (status === 0) return;
  process.stderr.write(output);
  throw new StartError("The script tag could not be built: mend what is said above, then start again.");
}

function areFresh(): boolean {
  const builtAt = Math.min(...BUILT.map(changedAt));
  return builtAt > Math.max(...[...SETTINGS, ...sources()].map(changedAt));
}

function sources(): string[] {
  return ["src", "build"].flatMap((folder) => {
    const paths = readdirSync(join(SDK, folder), { recursive: true, encoding: "utf8" });
    return paths.filter((path) => /(?<!\.test)\.tsx?$/.test(path)).map((path) => join(folder, path));
  });
}

/** In ms since 1970; 0 where there is no such file. */
function changedAt(path: string): number {
  return statSync(join(SDK, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** Run by Node itself: the programs in `.bin` are shell scripts, which Windows cannot start. */
async function runTsup(): Promise<{ status: number | null; output: string }> {
  const tsup = dirname(createRequire(join(SDK, "package.json")).resolve("tsup/package.json"));
  const build = spawn(process.execPath, [join(tsup, "dist/cli-default.js"), "--config", "tsup.script.config.ts"], {
    cwd: SDK,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const keep = (chunk: Buffer) => {
    output += chunk;
  };
  build.stdout.on("data", keep);
  build.stderr.on("data", keep);
  const [status] = await once(build, "close");
  return { status, output };
}
