import { rmSync, writeFileSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { createTestCollector } from "../create-test-collector.ts";
import { diskError, fileHandlePrototype } from "../file-handle-prototype.ts";
import { canMount, mountSmallDisk } from "./mounts.ts";
import { expectConserved, startRecorded } from "./recording-client.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

if (canMount)
  test("a disk that fills up costs no event, and no restart once there is room again", async () => {
    const dataDir = mountSmallDisk(2 * 1024 * 1024);
    const ballast = join(dataDir, "ballast");
    writeFileSync(ballast, Buffer.alloc(1024 * 1024));
    const { collector, client } = await startRecorded(
      { METRICS_JSONL: join(dataDir, "metrics.jsonl"), LOG_LEVEL: "info" },
      { bytesPerEvent: 5000 },
    );

    const refused = await client.postUntil(503);
    expect(refused.json).toMatchObject({ ok: false, error: "unavailable" });
    expect(refused.headers["retry-after"]).toBe("5");
    expect(client.acknowledged.length).toBeGreaterThan(100);
    for (let n = 0; n < 200; n += 1) expect((await client.post()).status).toBe(503);

    const health = await client.health();
    expect(health.status).toBe(503);
    expect(health.json).toMatchObject({ status: "degraded", reason: "disk_full" });
    expect((await client.get("/readyz")).status).toBe(503);
    expect((await client.get("/livez")).status).toBe(200);
    expect((await client.get("/api/metrics/behavior?limit=5")).json.total).toBe(client.acknowledged.length);
    expect(
      collector
        .output()
        .split("\n")
        .filter((line) => /"level":"(?:error|warn)"/.test(line)).length,
    ).toBeLessThan(5);

    // It heals though no event comes: whoever asks for readiness first would otherwise never send one again.
    rmSync(ballast);
    await vi.waitFor(async () => expect((await client.get("/readyz")).status).toBe(200), {
      timeout: 15_000,
      interval: 200,
    });
    expect((await client.health()).json.status).toBe("healthy");
    for (let n = 0; n < 20; n += 1) expect((await client.post()).status).toBe(202);
    expect(collector.output()).toContain("events can be stored again");

    client.close();
    expect(await collector.stop()).toBe(0);
    expectConserved(dataDir, client.acknowledged);
  });

if (canMount)
  test("a disk that is full when the file rolls over is no different", async () => {
    const dataDir = mountSmallDisk(1024 * 1024);
    const env = { METRICS_JSONL: join(dataDir, "metrics.jsonl"), METRICS_MAX_MB: "0.1" };
    const { collector, client } = await startRecorded(env, { bytesPerEvent: 3000 });
    for (let round = 0; round < 3; round += 1) {
      const ballast = join(dataDir, "ballast");
      fill(ballast);
      await client.postUntil(503);
      expect((await client.health()).json).toMatchObject({ status: "degraded", reason: "disk_full" });
      rmSync(ballast);
      await client.postUntil(202);
      for (let n = 0; n < 30; n += 1) await client.post();
    }
    client.close();
    expect(await collector.stop()).toBe(0);
    expectConserved(dataDir, client.acknowledged);
  });

/** The same without a disk of its own: writes that take a part and say nothing, then fail. */
test("writes that come up short on a full disk cost no event, whoever asks while it lasts", async () => {
  const { post, get, dataDir } = await createTestCollector();
  const send = (id: string) => post("/event", { event: "fault_test", id });
  expect((await send("before")).status).toBe(202);

  const prototype = await fileHandlePrototype();
  const { write } = prototype;
  let calls = 0;
  vi.spyOn(prototype, "write").mockImplementation(function (this: FileHandle, data: Buffer, offset = 0) {
    calls += 1;
    if (calls % 2 === 0) return Promise.reject(diskError("ENOSPC"));
    return Reflect.apply(write, this, [data, offset, Math.min(10, data.length - offset)]);
  } as FileHandle["write"]);
  const refused = await Promise.all(["a", "b", "c"].map(send));
  expect(refused.map(({ status }) => status)).toEqual([503, 503, 503]);
  const health = await get("/api/metrics/health");
  expect(health.status).toBe(503);
  expect(await health.json()).toMatchObject({ status: "degraded", reason: "disk_full" });
  expect((await get("/api/metrics/behavior")).status).toBe(200);

  vi.restoreAllMocks();
  expect((await send("after")).status).toBe(202);
  expect(await (await get("/api/metrics/health")).json()).toMatchObject({ status: "healthy" });
  expectConserved(dataDir, ["before", "after"]);
});

/** Takes whatever room is left. */
function fill(path: string): void {
  for (const bytes of [65_536, 4096, 1]) {
    try {
      for (;;) writeFileSync(path, Buffer.alloc(bytes), { flag: "a" });
    } catch {
      // No more of these fit.
    }
  }
}
