import { mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createTestCollector, FILE, NOW } from "../test/create-test-collector.ts";
import { readDataFolder } from "../test/read-data-folder.ts";
import { tempFolder } from "../test/temp-folder.ts";
import { untilCalled, watchWrites } from "../test/watch-writes.ts";
import { createCollector } from "./create-collector.ts";
import { takeMaintenanceLock } from "./disk/maintenance-lock.ts";
import { createLogger } from "./observe/logger.ts";

const EVENT = { method: "POST", headers: { "Content-Type": "application/json" }, body: '{"event":"x"}' };

afterEach(() => {
  vi.restoreAllMocks();
});

describe("createCollector", () => {
  test("touches nothing before the start", async () => {
    const dataDir = join(tempFolder(), "data");
    const { app } = createCollector({ linkPath: join(dataDir, "metrics.jsonl"), logger: createLogger("silent") });
    expect((await app.request("/api/metrics/event", EVENT)).status).toBe(503);
    expect((await app.request("/metrics")).status).toBe(200);
    expect(readdirSync(join(dataDir, ".."))).toEqual([]);
  });

  test("waits when closed for what is on its way to the disk, and takes nothing afterwards", async () => {
    const { app, collector, dataDir } = await createTestCollector();
    const { write, hold } = await watchWrites();
    const release = hold();
    const pending = app.request("/api/metrics/event", EVENT);
    await untilCalled(write, 1);
    const onClosed = vi.fn();
    const closed = collector.close().then(onClosed);
    expect((await app.request("/api/metrics/event", EVENT)).status).toBe(503);
    expect(onClosed).not.toHaveBeenCalled();
    release();
    await closed;
    expect((await pending).status).toBe(202);
    expect(readDataFolder(dataDir)).toHaveLength(1);
  });

  test("rotates from the start on, reports what it did and counts what failed", async () => {
    const dataDir = tempFolder();
    writeFileSync(join(dataDir, "metrics-2026-11-10.jsonl"), "{}\n");
    writeFileSync(join(dataDir, "metrics-2026-10-01.jsonl.gz"), "");
    mkdirSync(join(dataDir, "metrics-2026-11-11.jsonl.gz"));
    mkdirSync(join(dataDir, "metrics-2026-10-02.jsonl.gz"));
    const { get, logLines } = await createTestCollector({ linkPath: join(dataDir, "metrics.jsonl"), rotate: true });
    await vi.waitFor(() => expect(logLines.join("")).toContain("rotation failed"));
    expect(readdirSync(dataDir).sort()).toEqual([
      ".tallymark",
      "metrics-2026-10-02.jsonl.gz",
      "metrics-2026-11-10.jsonl.gz",
      "metrics-2026-11-11.jsonl.gz",
      FILE,
      "metrics.jsonl",
    ]);
    const text = await (await get("/metrics")).text();
    expect(text).toMatch(/^tallymark_rotations_total\{result="error"\} 1$/m);
    expect(text).toMatch(/^tallymark_rotations_total\{result="success"\} 0$/m);
    expect(text).toMatch(/^tallymark_retention_deleted_files_total 1$/m);
    expect(text).toMatch(/^tallymark_rotation_last_success_timestamp_seconds 0$/m);
  });

  test("leaves a run of the rotator out where another process works on the folder: neither done nor failed", async () => {
    const dataDir = tempFolder();
    const lock = await takeMaintenanceLock(dataDir);
    const { get, logLines } = await createTestCollector({ linkPath: join(dataDir, "metrics.jsonl"), rotate: true });
    await vi.waitFor(() => expect(logLines.join("")).toContain("is working on the data folder"));
    expect(await (await get("/metrics")).text()).toMatch(/^tallymark_rotations_total\{result="error"\} 0$/m);
    await lock.release();
  });

  test("closes the file of a day that is over, so that its events do not outlive their time on a quiet site", async () => {
    let clock = NOW;
    const { app, dataDir } = await createTestCollector({ now: () => clock, rotateIntervalMs: 5 });
    await app.request("/api/metrics/event", EVENT);
    clock += 86_400_000;
    await vi.waitFor(() => expect(readlinkSync(join(dataDir, "metrics.jsonl"))).toBe("metrics-2026-11-21.jsonl"));
    expect(readFileSync(join(dataDir, FILE), "utf8")).toContain('"event":"x"');
  });

  test("takes events as old as the longest term, whichever event that is for", async () => {
    const event = (days: number) => ({ ...EVENT, body: JSON.stringify({ event: "x", ts: NOW - days * 86_400_000 }) });
    const statusOf = async (options: object, days: number) => {
      const { app } = await createTestCollector(options);
      return (await app.request("/api/metrics/event", event(days))).status;
    };
    expect(await statusOf({ retentionDays: 10 }, 15)).toBe(400);
    expect(await statusOf({ retentionDays: 10, ttlDays: { order: 20 } }, 15)).toBe(202);
    expect(await statusOf({ retentionDays: 10, ttlDays: { order: 2 } }, 5)).toBe(202);
  });

  test("leaves rotation to a sidecar where it is told to", async () => {
    const dataDir = tempFolder();
    writeFileSync(join(dataDir, "metrics-2026-11-10.jsonl"), "{}\n");
    const { collector } = await createTestCollector({ linkPath: join(dataDir, "metrics.jsonl"), rotate: false });
    await collector.close();
    expect(readFileSync(join(dataDir, "metrics-2026-11-10.jsonl"), "utf8")).toBe("{}\n");
  });
});
