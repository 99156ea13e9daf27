import { spawn } from "node:child_process";
import { once } from "node:events";
import { send } from "./crash-client.ts";

export interface Spawned {
  /** Time from its start to the first 200 of `/readyz`; `undefined` where it ended before. */
  readonly readyMs: number | undefined;
  readonly url: string;
  readonly exited: Promise<unknown>;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** `null` where a signal ended it, `undefined` while it lives. */
  readonly exitCode: () => number | null | undefined;
  readonly output: () => string;
}

/** Runs a bundled collector; resolves when it is ready, or has ended. */
export async function spawnCollector(
  program: string,
  port: number,
  env: { readonly [name: string]: string },
): Promise<Spawned> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [program, "serve"], {
    env: { ...process.env, HOST: "127.0.0.1", PORT: String(port), LOG_LEVEL: "warn", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (printed += chunk));
  let exit: number | null | undefined;
  const exited = once(child, "exit").then(([code]) => {
    exit = code;
  });
  const url = `http://127.0.0.1:${port}`;
  let status = 0;
  while (exit === undefined && status !== 200) {
    status = await send(undefined, "GET", `${url}/readyz`);
    if (status !== 200) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const readyMs = status === 200 ? performance.now() - startedAt : undefined;
  return { readyMs, url, exited, kill: (signal) => child.kill(signal), exitCode: () => exit, output: () => printed };
}
