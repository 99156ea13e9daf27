import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, startCollector as startProcess } from "../../collector/test/collector-process.ts";
import { readDataFolder } from "../../collector/test/read-data-folder.ts";

export const READ_TOKEN = "edge-test-read-token";

export interface RunningCollector {
  readonly port: number;
  /** Whole text of all data files. */
  readonly data: () => string;
  /** Stored events, oldest first. */
  readonly events: () => ReturnType<typeof readDataFolder>;
  /** Everything it has logged so far, over restarts. */
  readonly log: () => string;
  /** Starts it again on the same port and data after `stop`. */
  readonly start: () => Promise<void>;
  /** Ends it and waits for it. */
  readonly stop: () => Promise<void>;
  /** Ends it for good and removes its data. */
  readonly remove: () => Promise<void>;
}

/** Starts the real collector from its sources, as behind the edge of the compose file. */
export async function startCollector(): Promise<RunningCollector> {
  const folder = mkdtempSync(join(tmpdir(), "tallymark-collector-"));
  const port = await freePort();
  const settings = {
    PORT: String(port),
    METRICS_JSONL: join(folder, "metrics.jsonl"),
    METRICS_TRUSTED_PROXIES: "127.0.0.1/32",
    METRICS_READ_TOKEN: READ_TOKEN,
    METRICS_ROTATE: "off",
    LOG_LEVEL: "debug",
  };
  const runs = [await startProcess(settings)];

  return {
    port,
    data: () =>
      readdirSync(folder)
        .filter((name) => /^metrics-.*\.jsonl$/.test(name))
        .map((name) => readFileSync(join(folder, name), "utf8"))
        .join(""),
    events: () => readDataFolder(folder),
    log: () => runs.map(({ output }) => output()).join(""),
    async start() {
      runs.push(await startProcess(settings));
    },
    stop,
    async remove() {
      await stop();
      rmSync(folder, { recursive: true });
    },
  };

  async function stop(): Promise<void> {
    await runs.at(-1)?.stop();
  }
}
