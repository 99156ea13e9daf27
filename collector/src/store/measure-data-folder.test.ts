import { symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { tempFolder } from "../../test/temp-folder.ts";
import { findLiveFile, measureDataFolder } from "./measure-data-folder.ts";

const NOW = Date.parse("2026-11-20T12:00:00Z");
const LIVE = "metrics-2026-11-20.jsonl";

function folderOf(sizes: { readonly [name: string]: number }): string {
  const dataDir = tempFolder();
  for (const [name, bytes] of Object.entries(sizes)) writeFileSync(join(dataDir, name), "x".repeat(bytes));
  symlinkSync(LIVE, join(dataDir, "metrics.jsonl"));
  return join(dataDir, "metrics.jsonl");
}

describe("measureDataFolder", () => {
  test("adds up sizes by kind and looks at the disk", async () => {
    const linkPath = folderOf({
      [LIVE]: 10,
      "metrics-2026-11-19.jsonl": 100,
      "metrics-2026-11-18.jsonl.torn": 1000,
      "metrics-2026-11-17.jsonl.gz": 10_000,
      "notes.txt": 5,
    });
    const { bytes, diskFreeBytes, diskSizeBytes } = await measureDataFolder(linkPath, 3, NOW);
    expect(bytes).toEqual({ live: 10, closed: 1100, gz: 10_000 });
    expect(diskFreeBytes).toBeGreaterThan(0);
    expect(diskSizeBytes).toBeGreaterThanOrEqual(diskFreeBytes);
  });

  test("counts the closed files that wait for compression, and only these", async () => {
    const linkPath = folderOf({
      [LIVE]: 1,
      "metrics-2026-11-17.jsonl": 1,
      "metrics-2026-11-16.jsonl": 1,
      "metrics-2026-11-15.1.jsonl": 1,
      "metrics-2026-11-15.jsonl.gz": 1,
      "metrics-2026-11-14.jsonl.torn": 1,
    });
    expect((await measureDataFolder(linkPath, 3, NOW)).gzipBacklogFiles).toBe(2);
    expect((await measureDataFolder(linkPath, 0, NOW)).gzipBacklogFiles).toBe(3);
    expect((await measureDataFolder(linkPath, 30, NOW)).gzipBacklogFiles).toBe(0);
  });
});

describe("findLiveFile", () => {
  test("says what the link names and whether that is there", async () => {
    const linkPath = folderOf({ [LIVE]: 1 });
    expect(await findLiveFile(linkPath)).toEqual({ file: LIVE, exists: true });
    unlinkSync(linkPath.replace("metrics.jsonl", LIVE));
    expect(await findLiveFile(linkPath)).toEqual({ file: LIVE, exists: false });
  });

  test("knows no file before the first", async () => {
    expect(await findLiveFile(join(tempFolder(), "metrics.jsonl"))).toEqual({ file: null, exists: false });
  });
});
