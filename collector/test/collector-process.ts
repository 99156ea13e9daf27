import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const START_TIMEOUT_MS = 20_000;

export interface CollectorProcess {
  /** Such as `http://127.0.0.1:40123`. */
  readonly url: string;
  readonly process: ChildProcess;
  /** What it has printed so far, standard output and standard error together. */
  readonly output: () => string;
  /** Sends a signal and resolves to the exit code, `null` where the signal ended it. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export interface CollectorProcessOptions {
  /** User it runs as, where this process may choose. */
  readonly uid?: number | undefined;
  /** The most files it may have open, `ulimit -n`. */
  readonly openFiles?: number | undefined;
}

/**
 * Starts the real collector from source, on a free loopback port unless `env` names one; resolves when it is ready.
 * @throws Error with its output where it does not start
 */
export async function startCollector(
  env: { readonly [name: string]: string },
  { uid, openFiles }: CollectorProcessOptions = {},
): Promise<CollectorProcess> {
  const port = env.PORT ?? (await freePort());
  const serve = ["--import", "tsx", "--conditions=@tallymark/source", "collector/src/cli/main.ts", "serve"];
  const limit = openFiles === undefined ? "" : `ulimit -n ${openFiles};`;
  const child = spawn("sh", ["-c", `${limit} exec "$@"`, "sh", process.execPath, ...serve], {
    cwd: ROOT,
    ...(uid !== undefined && { uid, gid: uid }),
    env: { ...process.env, HOST: "127.0.0.1", PORT: String(port), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (printed += chunk));
  const exited = once(child, "exit");
  const url = `http://127.0.0.1:${port}`;
  try {
    await untilReady(url, child);
  } catch {
    child.kill("SIGKILL");
    throw new Error(`the collector did not start:\n${printed}`);
  }

  return {
    url,
    process: child,
    output: () => printed,
    async stop(signal = "SIGTERM") {
      child.kill(signal);
      const [code] = await exited;
      return code;
    },
  };
}

/** A loopback port nobody listens on just now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (typeof address !== "object" || !address) throw new Error("no port");
  return address.port;
}

async function untilReady(url: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline && child.exitCode === null) {
    const answer = await fetch(`${url}/readyz`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error("not ready");
}
