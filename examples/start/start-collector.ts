import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { StartError } from "./start-error.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const COMMAND = ["--import", "tsx", "--conditions=@tallymark/source", "collector/src/cli/main.ts", "serve"];
const START_TIMEOUT_MS = 20_000;
const POLL_INTERVAL_MS = 100;
/** The collector itself cuts what is still open after 4 s. */
const STOP_TIMEOUT_MS = 8000;

/** A collector in a process of its own. */
export interface RunningCollector {
  /** Such as `http://127.0.0.1:8787`. */
  readonly url: string;
  /** Resolves when the process has ended, for whatever reason. */
  readonly ended: Promise<unknown>;
  /** Lets it write what it has accepted, and end. */
  stop(): Promise<void>;
}

/**
 * Starts the collector from its source, with the settings of `env`, and waits until it takes events. It prints warnings
 * and errors only, unless `LOG_LEVEL` says otherwise.
 * @throws StartError where it does not come up; it has said why by then
 */
export async function startCollector({
  port,
  env,
}: {
  port: number;
  env: NodeJS.ProcessEnv;
}): Promise<RunningCollector> {
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, COMMAND, {
    cwd: ROOT,
    // The demo is for this machine. Besides, some shells export HOST with the machine's name.
    env: { ...env, LOG_LEVEL: env.LOG_LEVEL || "warn", HOST: "127.0.0.1", PORT: String(port) },
    stdio: ["ignore", "inherit", "inherit"],
    // A process group of its own: Ctrl-C reaches the whole group, and a second signal would end the draining.
    detached: true,
  });
  const ended = once(child, "exit");
  const stopNow = () => child.kill("SIGTERM");
  process.once("exit", stopNow);
  const isRunning = () => child.exitCode === null && child.signalCode === null;

  const stop = async () => {
    process.off("exit", stopNow);
    if (!isRunning()) return;
    child.kill("SIGTERM");
    const kill = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
    await ended;
    clearTimeout(kill);
  };

  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await isReady(url))) {
    if (!isRunning()) throw new StartError("The collector did not start: mend what is said above, then start again.");
    if (Date.now() > deadline) {
      await stop();
      throw new StartError(
        `The collector did not answer within ${START_TIMEOUT_MS / 1000} s: start again with LOG_LEVEL=debug to see why.`,
      );
    }
    await delay(POLL_INTERVAL_MS);
  }
  return { url, ended, stop };
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(1000) })).ok;
  } catch {
    return false;
  }
}
