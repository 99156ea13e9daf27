import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "./free-port.ts";
import { isAnswering } from "./is-answering.ts";

const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));

export const READ_TOKEN = "edge-test-read-token";

export interface RunningCollector {
  readonly port: number;
  /** Whole text of all data files. */
  readonly data: () => string;
  /** Stored events, oldest first. */
  readonly events: () => readonly Readonly<Record<string, unknown>>[];
  /** Everything it has logged so far, over restarts. */
  readonly log: () => string;
  /** Starts it again on the same port and data after `stop`. */
  readonly start: () => Promise<void>;
  /** Ends it and waits for it. */
  readonly stop: () => Promise<void>;
  /** Ends it for good and removes its data. */
  readonly remove: () => Promise<void>;
}

/**
 * Starts the real collector from its sources, as behind the edge of the compose file.
 * @throws Error with its output when it is not ready within 30 s
 */
export async function startCollector(): Promise<RunningCollector> {
  const folder = mkdtempSync(join(tmpdir(), "tallymark-collector-"));
  const port = await freePort();
  let output = "";
  let stop = async () => {};
  await start();
  return { port, data, events, log: () => output, start, stop: () => stop(), remove };

  async function start(): Promise<void> {
    const command = ["--import", "tsx", "--conditions=@tallymark/source", "collector/src/cli/main.ts", "serve"];
    const child = spawn(process.execPath, command, {
      cwd: REPOSITORY,
      env: {
        PATH: process.env.PATH,
        HOST: "127.0.0.1",
        PORT: String(port),
        METRICS_JSONL: join(folder, "metrics.jsonl"),
        METRICS_TRUSTED_PROXIES: "127.0.0.1/32",
        METRICS_READ_TOKEN: READ_TOKEN,
        METRICS_ROTATE: "off",
        LOG_LEVEL: "debug",
      },
    });
    const keep = (chunk: Buffer) => {
      output += chunk.toString();
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    const exited = once(child, "exit");
    const killNow = () => child.kill("SIGKILL");
    process.on("exit", killNow);
    stop = async () => {
      child.kill("SIGTERM");
      await exited;
      process.off("exit", killNow);
    };

    const deadline = Date.now() + 30_000;
    while (!(await isAnswering(port, "/readyz"))) {
      if (child.exitCode === null && Date.now() < deadline) continue;
      await stop();
      throw new Error(`The collector did not start:\n${output}`);
    }
  }

  function data(): string {
    const files = readdirSync(folder).filter((name) => /^metrics-.*\.jsonl$/.test(name));
    return files.map((name) => readFileSync(join(folder, name), "utf8")).join("");
  }

  function events() {
    return data()
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  }

  async function remove(): Promise<void> {
    await stop();
    rmSync(folder, { recursive: true });
  }
}
