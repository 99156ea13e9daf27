import { mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import type { CollectorProcess } from "../collector-process.ts";
import { tempFolder } from "../temp-folder.ts";
import { expectConserved, startRecorded } from "./recording-client.ts";

type Client = Awaited<ReturnType<typeof startRecorded>>["client"];

async function setUp(): Promise<{ dataDir: string; collector: CollectorProcess; client: Client }> {
  const dataDir = join(tempFolder(), "data");
  const { collector, client } = await startRecorded({ METRICS_JSONL: join(dataDir, "metrics.jsonl") });
  for (let n = 0; n < 20; n += 1) expect((await client.post()).status).toBe(202);
  return { dataDir, collector, client };
}

async function expectMissing(client: Client): Promise<void> {
  const known = client.acknowledged.length;
  for (let n = 0; n < 10; n += 1) expect((await client.post()).status).toBe(503);
  const health = await client.health();
  expect(health.status).toBe(503);
  expect(health.json).toMatchObject({ status: "degraded", reason: "folder_missing", file_exists: false });
  expect((await client.get("/api/metrics/behavior")).json.total).toBe(known);
}

test("a folder that is moved away and back has every event once, and none is promised meanwhile", async () => {
  const { dataDir, collector, client } = await setUp();
  for (let round = 0; round < 2; round += 1) {
    renameSync(dataDir, `${dataDir}.moved`);
    await expectMissing(client);
    renameSync(`${dataDir}.moved`, dataDir);
    // Without an event, by a look at the folder.
    await vi.waitFor(async () => expect((await client.get("/readyz")).status).toBe(200), { timeout: 15_000 });
    for (let n = 0; n < 20; n += 1) expect((await client.post()).status).toBe(202);
    expect((await client.health()).json.status).toBe("healthy");
  }
  client.close();
  expect(await collector.stop()).toBe(0);
  expectConserved(dataDir, client.acknowledged);
});

test("a folder that is deleted is not made again, and one that somebody makes is used", async () => {
  const { dataDir, collector, client } = await setUp();
  rmSync(dataDir, { recursive: true });
  await expectMissing(client);
  expect(readdirSync(join(dataDir, ".."))).toEqual([]);

  mkdirSync(dataDir);
  const before = client.acknowledged.length;
  await client.postUntil(202);
  for (let n = 0; n < 20; n += 1) expect((await client.post()).status).toBe(202);
  expect((await client.health()).json).toMatchObject({ status: "healthy", file_exists: true });
  client.close();
  expect(await collector.stop()).toBe(0);
  expectConserved(dataDir, client.acknowledged.slice(before));
});

test("files that are deleted while they are written cost none of the events that come after", async () => {
  const { dataDir, collector, client } = await setUp();
  for (let round = 0; round < 5; round += 1) {
    for (const name of readdirSync(dataDir).filter((name) => name.startsWith("metrics-"))) rmSync(join(dataDir, name));
    client.acknowledged.length = 0;
    for (let n = 0; n < 20; n += 1) expect((await client.post()).status).toBe(202);
  }
  client.close();
  expect(await collector.stop()).toBe(0);
  expectConserved(dataDir, client.acknowledged);
});
