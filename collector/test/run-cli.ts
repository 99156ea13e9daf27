import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

export interface CliRun {
  /** `null` where a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs the real command line from source until it exits.
 * @param stopWhen a SIGTERM is sent as soon as standard output holds this
 */
export async function runCli(
  args: readonly string[],
  env: { readonly [name: string]: string } = {},
  stopWhen?: string,
): Promise<CliRun> {
  const command = ["--import", "tsx", "--conditions=@tallymark/source", "collector/src/cli/main.ts", ...args];
  const child = spawn(process.execPath, command, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const printed = { stdout: "", stderr: "" };
  child.stderr.on("data", (chunk) => (printed.stderr += chunk));
  child.stdout.on("data", (chunk) => {
    printed.stdout += chunk;
    if (stopWhen !== undefined && printed.stdout.includes(stopWhen)) child.kill("SIGTERM");
  });
  const [code] = await once(child, "close");
  return { code, ...printed };
}
