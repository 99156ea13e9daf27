import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { tempFolder } from "../../test/temp-folder.ts";
import { takeMaintenanceLock } from "../disk/maintenance-lock.ts";
import { type RotationTimerOptions, startRotationTimer } from "./rotation-timer.ts";

const NOW = Date.parse("2026-11-20T12:00:00Z");

function setUp(options: Partial<RotationTimerOptions> = {}) {
  const dataDir = tempFolder();
  const onRun = vi.fn<RotationTimerOptions["onRun"]>();
  const onSkipped = vi.fn<RotationTimerOptions["onSkipped"]>();
  const linkPath = join(dataDir, "metrics.jsonl");
  const policy = { dataDir, linkPath, gzipAfterDays: 3, retentionDays: 30 };
  const start = () => startRotationTimer({ ...policy, intervalMs: 5, now: () => NOW, onRun, onSkipped, ...options });
  return { dataDir, onRun, onSkipped, start };
}

describe("the rotation timer", () => {
  test("runs at once, and again after every interval, until it is stopped", async () => {
    const { dataDir, onRun, start } = setUp();
    writeFileSync(join(dataDir, "metrics-2026-11-10.jsonl"), "x\n");
    const stop = start();
    await vi.waitFor(() => expect(onRun.mock.calls.length).toBeGreaterThanOrEqual(3));
    await stop();
    const runs = onRun.mock.calls.length;
    expect(onRun.mock.calls[0]?.[0].actions).toMatchObject([{ type: "gzip", name: "metrics-2026-11-10.jsonl" }]);
    expect(onRun.mock.calls[1]?.[0].actions).toEqual([]);
    writeFileSync(join(dataDir, "metrics-2026-11-11.jsonl"), "x\n");
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(onRun).toHaveBeenCalledTimes(runs);
    expect(readdirSync(dataDir)).toContain("metrics-2026-11-11.jsonl");
  });

  test("when stopped gives up the file it is at, which stays as it was, and reports no failure", async () => {
    const { dataDir, onRun, start } = setUp();
    const name = "metrics-2026-11-10.jsonl";
    const content = '{"n":1}\n'.repeat(2_000_000);
    writeFileSync(join(dataDir, name), content);
    const stop = start();
    await vi.waitFor(() => expect(readdirSync(dataDir).length).toBe(3), { interval: 1 });
    const stoppedAt = performance.now();
    await stop();
    expect(performance.now() - stoppedAt).toBeLessThan(1000);
    expect(onRun).toHaveBeenCalledExactlyOnceWith({ actions: [], leapDays: 0 });
    expect(readdirSync(dataDir)).toEqual([".tallymark", name]);
    expect(readFileSync(join(dataDir, name), "utf8")).toBe(content);
  });

  test("leaves a run out where another process works on the folder, and tries again", async () => {
    const { dataDir, onRun, onSkipped, start } = setUp();
    const lock = await takeMaintenanceLock(dataDir);
    const stop = start();
    await vi.waitFor(() => expect(onSkipped.mock.calls.length).toBeGreaterThanOrEqual(2));
    expect(onSkipped).toHaveBeenCalledWith(expect.objectContaining({ pid: process.pid }));
    expect(onRun).not.toHaveBeenCalled();
    await lock.release();
    await vi.waitFor(() => expect(onRun).toHaveBeenCalled());
    await stop();
  });

  test("reports that it could not even look, and tries again", async () => {
    const { onRun, start } = setUp({ dataDir: "/nowhere/at/all" });
    const stop = start();
    await vi.waitFor(() => expect(onRun.mock.calls.length).toBeGreaterThanOrEqual(2));
    await stop();
    for (const [{ actions, error }] of onRun.mock.calls) {
      expect(actions).toEqual([]);
      expect(error).toMatchObject({ code: "ENOENT" });
    }
  });

  test("may be stopped twice", async () => {
    const { start } = setUp();
    const stop = start();
    await stop();
    await expect(stop()).resolves.toBeUndefined();
  });
});
