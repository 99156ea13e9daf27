import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { pino } from "pino";
import { expect, test } from "vitest";
import { createCollector } from "../../src/create-collector.ts";
import { utcDay } from "../../src/segments/segment.ts";
import { tempFolder } from "../temp-folder.ts";
import { sendUntilBroken } from "./crash-client.ts";
import * as folder from "./crash-folder.ts";

const DAY_MS = 86_400_000;
const UNTIL_MIDNIGHT_MS = 800;
const LOAD_MS = 2000;

test("a rotation and a midnight under 64 connections lose and double nothing, and every event is in the file of its day", async () => {
  const dataDir = join(tempFolder(), "data");
  const kept = folder.addOldFiles(dataDir, 0, []);
  const startedAt = Date.now();
  const midnight = (Math.floor(startedAt / DAY_MS) + 1) * DAY_MS;
  const now = () => Date.now() - startedAt + midnight - UNTIL_MIDNIGHT_MS;
  const collector = createCollector({
    linkPath: join(dataDir, "metrics.jsonl"),
    maxBytes: 200_000,
    rotateIntervalMs: 50,
    gzipAfterDays: 0,
    retentionDays: folder.RETENTION_DAYS,
    ttlDays: { [folder.SHORT_LIVED]: folder.SHORT_LIVED_DAYS },
    logger: pino({ level: "silent" }),
    now,
  });
  await collector.start();
  const server = createServer(collector.listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  setTimeout(() => {
    collector.drain();
    server.close();
    server.closeAllConnections();
  }, LOAD_MS);
  const options = { name: "m", resend: [], connections: 64, victim: "nobody" };
  const { acknowledged } = await sendUntilBroken(`http://127.0.0.1:${port}`, options);
  await expect.poll(() => folder.isRotated(dataDir), { timeout: 20_000, interval: 100 }).toBe(true);
  await collector.close();

  const lines = folder.readStored(dataDir);
  const stored = new Set(lines.map(({ id }) => id));
  expect(acknowledged.length).toBeGreaterThan(300);
  expect([...kept, ...acknowledged].filter((id) => !stored.has(id))).toEqual([]);
  expect(stored.size, "stored twice").toBe(lines.length);
  expect(lines.filter(({ file, receivedAt }) => !file.includes(receivedAt.slice(0, 10)))).toEqual([]);
  for (const day of [utcDay(midnight - 1), utcDay(midnight)])
    expect(lines.filter(({ receivedAt }) => receivedAt.startsWith(day)).length, day).toBeGreaterThan(20);
  expect(lines.filter(({ event, id }) => event === folder.SHORT_LIVED || id.startsWith("expired"))).toEqual([]);
  expect(folder.strangers(dataDir)).toEqual([]);
});
