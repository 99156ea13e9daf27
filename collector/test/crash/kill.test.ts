import { mkdtempSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { startCollector } from "../collector-process.ts";
import { readDataFolder } from "../read-data-folder.ts";

const TRIALS = 20;
const CONNECTIONS = 64;
const BATCH_SIZE = 5;

const dataDir = mkdtempSync(join(tmpdir(), "tallymark-crash-"));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

it(`loses and doubles nothing it acknowledged when killed ${TRIALS} times under ${CONNECTIONS} connections`, async () => {
  const acknowledged: string[] = [];
  for (let trial = 0; trial < TRIALS; trial += 1) acknowledged.push(...(await killUnderLoad(trial)));
  // One clean start and stop sets the last torn tail aside.
  const survivor = await startCollector(settings());
  expect(await survivor.stop()).toBe(0);

  const stored = readDataFolder(dataDir).map(({ id }) => id);
  const found = new Set(stored);
  expect(acknowledged.length).toBeGreaterThan(TRIALS * CONNECTIONS);
  expect(acknowledged.filter((id) => !found.has(id))).toEqual([]);
  expect(stored.length).toBe(found.size);
}, 180_000);

/** Runs one collector until it is killed at a random moment; returns the ids it had acknowledged. */
async function killUnderLoad(trial: number): Promise<string[]> {
  const collector = await startCollector(settings());
  const acknowledged: string[] = [];
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  let sent = 0;
  const load = Array.from({ length: CONNECTIONS }, async (_, connection) => {
    const isBatch = connection % 2 === 0;
    for (;;) {
      const ids = Array.from({ length: isBatch ? BATCH_SIZE : 1 }, () => `t${trial}-${sent++}`);
      const events = ids.map((id) => ({ event: "crash_test", visitor_id: `visitor-${connection}`, id }));
      const status = isBatch
        ? await post(`${collector.url}/api/metrics/events`, { events }, agent)
        : await post(`${collector.url}/api/metrics/event`, events[0], agent);
      if (status !== 202) return;
      acknowledged.push(...ids);
    }
  });
  await new Promise((resolve) => setTimeout(resolve, 100 + Math.random() * 400));
  await collector.stop("SIGKILL");
  await Promise.all(load);
  agent.destroy();
  return acknowledged;
}

/** Small files, so that kills also hit a roll-over. */
function settings() {
  return { METRICS_JSONL: join(dataDir, "metrics.jsonl"), METRICS_MAX_MB: "0.2", LOG_LEVEL: "warn" };
}

/** Resolves to the status, or 0 where the connection broke: then nobody knows, and nothing was promised. */
function post(url: string, body: unknown, agent: Agent): Promise<number> {
  return new Promise((resolve) => {
    const options = { method: "POST", agent, headers: { "content-type": "application/json" } };
    const sending = request(url, options, (answer) => {
      answer.resume();
      answer.on("end", () => resolve(answer.statusCode ?? 0));
      answer.on("error", () => resolve(0));
    });
    sending.on("error", () => resolve(0));
    sending.end(JSON.stringify(body));
  });
}
