import { join } from "node:path";
import { pino } from "pino";
import { onTestFinished } from "vitest";
import type { CollectorOptions } from "../src/collector-options.ts";
import { createCollector } from "../src/create-collector.ts";
import { tempFolder } from "./temp-folder.ts";

/** What the collector's clock says unless a test says otherwise. */
export const NOW = Date.parse("2026-11-20T12:00:00Z");

/** The file of that day. */
export const FILE = "metrics-2026-11-20.jsonl";

/** A whole collector in this process, on a folder of its own, without a port; closed when the test is over. */
export async function createTestCollector(options: CollectorOptions = {}) {
  const dataDir = tempFolder();
  const logLines: string[] = [];
  const logger = pino({ level: "trace", base: null }, { write: (line: string) => logLines.push(line) });
  const collector = createCollector({
    linkPath: join(dataDir, "metrics.jsonl"),
    rotate: false,
    now: () => NOW,
    logger,
    ...options,
  });
  await collector.start();
  onTestFinished(() => collector.close());

  return {
    collector,
    app: collector.app,
    dataDir,
    /** What was logged so far, a JSON object a line. */
    logLines,
    /** Posts JSON, or whatever the headers say it is. */
    post: (path: string, body: unknown, headers: { readonly [name: string]: string } = {}) =>
      collector.app.request(`http://127.0.0.1:8787/api/metrics${path}`, {
        method: "POST",
        headers: { "Content-Type": "application/json", ...headers },
        body: typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body),
      }),
    get: (path: string, headers: { readonly [name: string]: string } = {}) =>
      collector.app.request(`http://127.0.0.1:8787${path}`, { headers: { Host: "127.0.0.1:8787", ...headers } }),
  };
}
