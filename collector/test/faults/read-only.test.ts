import { chmodSync, chownSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { disk } from "../../src/disk/disk.ts";
import { createTestCollector } from "../create-test-collector.ts";
import { diskError } from "../file-handle-prototype.ts";
import { tempFolder } from "../temp-folder.ts";
import { canMountImages, mountImage } from "./mounts.ts";
import { expectConserved, startRecorded } from "./recording-client.ts";

/** Nobody: root may write wherever it likes. */
const UID = process.getuid?.() === 0 ? 65_534 : undefined;

afterEach(() => {
  vi.restoreAllMocks();
});

test("a folder that may not be written any more refuses what needs a new file, until it may be again", async () => {
  const dataDir = join(tempFolder(), "data");
  chmodSync(join(dataDir, ".."), 0o755);
  mkdirSync(dataDir);
  if (UID !== undefined) chownSync(dataDir, UID, UID);
  const env = { METRICS_JSONL: join(dataDir, "metrics.jsonl"), METRICS_MAX_MB: "0.01" };
  const { collector, client } = await startRecorded(env, { uid: UID, bytesPerEvent: 500 });
  await client.postUntil(202);

  chmodSync(dataDir, 0o555);
  const refused = await client.postUntil(503);
  expect(refused.json).toMatchObject({ ok: false, error: "unavailable" });
  const health = await client.health();
  expect(health.status).toBe(503);
  expect(health.json).toMatchObject({ status: "degraded", reason: "not_writable" });
  expect((await client.get("/api/metrics/behavior")).json.total).toBe(client.acknowledged.length);

  chmodSync(dataDir, 0o755);
  await client.postUntil(202);
  expect((await client.health()).json.status).toBe("healthy");
  for (let n = 0; n < 50; n += 1) expect((await client.post()).status).toBe(202);
  client.close();
  expect(await collector.stop()).toBe(0);
  expectConserved(dataDir, client.acknowledged);
});

if (canMountImages)
  test("a file system that turns read-only under open files costs no event", async () => {
    const { folder, breakDisk, repairDisk } = mountImage();
    const { collector, client } = await startRecorded({ METRICS_JSONL: join(folder, "metrics.jsonl") });
    for (let n = 0; n < 20; n += 1) expect((await client.post()).status).toBe(202);

    breakDisk();
    await client.postUntil(503);
    for (let n = 0; n < 20; n += 1) expect((await client.post()).status).toBe(503);
    const health = await client.health();
    expect(health.status).toBe(503);
    expect(health.json.status).toBe("degraded");
    expect(["not_writable", "io"]).toContain(health.json.reason);

    repairDisk();
    await client.postUntil(202);
    expect((await client.health()).json.status).toBe("healthy");
    client.close();
    expect(await collector.stop()).toBe(0);
    expectConserved(folder, client.acknowledged);
  });

/** The same without a file system of its own. */
test.each([
  ["EROFS", "not_writable"],
  ["EDQUOT", "disk_full"],
  ["EIO", "io"],
  ["EMFILE", "too_many_files"],
])("a folder in which %s keeps files from being made is said to be %s, and heals", async (code, reason) => {
  const { post, get, dataDir } = await createTestCollector({ maxBytes: 100 });
  const send = (id: string) => post("/event", { event: "fault_test", id });
  expect((await send("before")).status).toBe(202);
  const open = vi.spyOn(disk, "open").mockRejectedValue(diskError(code));
  expect((await send("refused")).status).toBe(503);
  expect(await (await get("/api/metrics/health")).json()).toMatchObject({ status: "degraded", reason });
  open.mockRestore();
  expect((await send("after")).status).toBe(202);
  expect(await (await get("/api/metrics/health")).json()).toMatchObject({ status: "healthy" });
  expectConserved(dataDir, ["before", "after"]);
  expect(readdirSync(dataDir).filter((name) => name.startsWith("metrics-"))).toHaveLength(2);
});
