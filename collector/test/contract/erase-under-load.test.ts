import { readdirSync } from "node:fs";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setImmediate } from "node:timers/promises";
import type { ErasureAnswer } from "@tallymark/sdk/protocol";
import { pino } from "pino";
import { expect, it } from "vitest";
import { gzipFile } from "../../src/rotate/gzip-file.ts";
import { createTestCollector } from "../create-test-collector.ts";
import { jsonOf } from "../json-of.ts";
import { readDataFolder } from "../read-data-folder.ts";

const LOOPS = 32;
const ERASED = "3141592653-589793238-4626433832-795028841";

/** Far above what a pass does between two turns, far below what one that blocks would take. */
const MAX_DELAY_MS = 500;

it("an erasure while events come in loses none of others, keeps none of the visitor, and blocks nobody", async () => {
  const { app, post, dataDir } = await createTestCollector({ maxBytes: 20_000, logger: pino({ level: "silent" }) });
  const acknowledged = new Set<string>();
  let refused = 0;
  let isStopped = false;
  const delay = monitorEventLoopDelay();

  const loops = Array.from({ length: LOOPS }, async (_, loop) => {
    for (let index = 0; !isStopped; index++) {
      const id = `${loop}-${index}`;
      // Every fourth loop is the visitor, from two pages.
      const visitor = loop % 4 === 0 ? { visitor_id: ERASED } : { visitor_id: `v${loop}` };
      const answer = await post("/event", { event: "x", id, ...visitor });
      if (answer.status === 202 && loop % 4 !== 0) acknowledged.add(id);
      if (answer.status === 400) refused += 1;
      // A refusal needs no disk: in one process these loops would leave nobody else a turn.
      await setImmediate();
    }
  });
  const until = async (count: number) => {
    while (acknowledged.size < count) await setImmediate();
  };

  await until(500);
  const [oldest = ""] = readdirSync(dataDir).filter((name) => /-20\.\d+\.jsonl$/.test(name));
  await gzipFile(join(dataDir, oldest));
  delay.enable();
  const answer = await app.request(`/api/metrics/visitors/${ERASED}`, { method: "DELETE" });
  delay.disable();
  const before = acknowledged.size;
  await until(before + 300);
  isStopped = true;
  await Promise.all(loops);

  const { status, erased } = await jsonOf<ErasureAnswer>(answer);
  expect(status).toBe("done");
  expect(erased.events).toBeGreaterThan(50);
  expect(erased.files).toBeGreaterThan(3);
  expect(refused).toBeGreaterThan(0);
  const stored = readDataFolder(dataDir);
  expect(stored.filter(({ visitor_id }) => visitor_id === ERASED)).toEqual([]);
  expect(stored.map(({ id }) => id).sort()).toEqual([...acknowledged].sort());
  const ring = await jsonOf<{ last_events: { visitor_id: string }[] }>(
    await app.request("/api/metrics/behavior?limit=500", { headers: { Host: "127.0.0.1:8787" } }),
  );
  expect(ring.last_events.filter(({ visitor_id }) => visitor_id === ERASED)).toEqual([]);
  expect(delay.max / 1e6).toBeLessThan(MAX_DELAY_MS);
});
