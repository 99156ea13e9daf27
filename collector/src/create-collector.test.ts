import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createTestCollector, FILE } from "../test/create-test-collector.ts";
import { fileHandlePrototype } from "../test/file-handle-prototype.ts";
import { readDataFolder } from "../test/read-data-folder.ts";
import { tempFolder } from "../test/temp-folder.ts";
import { createCollector } from "./create-collector.ts";
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
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const datasync = vi.spyOn(await fileHandlePrototype(), "datasync").mockReturnValue(gate);
    const pending = app.request("/api/metrics/event", EVENT);
    await vi.waitFor(() => expect(datasync).toHaveBeenCalledOnce());
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

  test("leaves rotation to a sidecar where it is told to", async () => {
    const dataDir = tempFolder();
    writeFileSync(join(dataDir, "metrics-2026-11-10.jsonl"), "{}\n");
    const { collector } = await createTestCollector({ linkPath: join(dataDir, "metrics.jsonl"), rotate: false });
    await collector.close();
    expect(readFileSync(join(dataDir, "metrics-2026-11-10.jsonl"), "utf8")).toBe("{}\n");
  });
});
