import { readdirSync, readFileSync, readlinkSync, renameSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { tempFolder } from "../../test/temp-folder.ts";
import { createLiveFile, type LiveFileOptions } from "./live-file.ts";

const DAY = "2026-11-20";
const FIRST = "metrics-2026-11-20.jsonl";
const SECOND = "metrics-2026-11-20.1.jsonl";
const LINE = Buffer.from('{"event":"x"}\n');

function setUp({ dataDir = tempFolder(), ...options }: Partial<LiveFileOptions> & { dataDir?: string } = {}) {
  const linkPath = join(dataDir, "metrics.jsonl");
  const file = createLiveFile({ linkPath, maxBytes: 1000, durability: "fsync", ...options });
  const read = (name: string) => readFileSync(join(dataDir, name), "utf8");
  const names = () => readdirSync(dataDir).sort();
  const target = () => readlinkSync(linkPath);
  return { file, dataDir, linkPath, read, names, target };
}

function line(n: number, bytes = 0): Buffer {
  return Buffer.from(`${JSON.stringify({ n, filler: "x".repeat(bytes) })}\n`);
}

describe("a live file", () => {
  test("makes the day's first file and the link to it", async () => {
    const { file, names, target } = setUp();
    expect(file.name).toBeUndefined();
    await file.open(DAY);
    expect(file.name).toBe(FIRST);
    expect(names()).toEqual([FIRST, "metrics.jsonl"]);
    expect(target()).toBe(FIRST);
    await file.close();
    expect(file.name).toBeUndefined();
  });

  test("appends in order and says where", async () => {
    const { file, read } = setUp();
    await file.open(DAY);
    expect(await file.append(DAY, line(1))).toBe(FIRST);
    expect(await file.append(DAY, line(2))).toBe(FIRST);
    await file.close();
    expect(read("metrics.jsonl")).toBe(`${line(1)}${line(2)}`);
  });

  test("continues after a restart", async () => {
    const before = setUp();
    await before.file.open(DAY);
    await before.file.append(DAY, LINE);
    await before.file.close();
    const { file, read, names } = setUp({ dataDir: before.dataDir });
    await file.open(DAY);
    await file.append(DAY, LINE);
    await file.close();
    expect(names()).toEqual([FIRST, "metrics.jsonl"]);
    expect(read(FIRST)).toBe(`${LINE}${LINE}`);
  });
});

describe("rolling over", () => {
  test("happens when the next group does not fit, and never splits it", async () => {
    const { file, read, target } = setUp({ maxBytes: 100 });
    await file.open(DAY);
    await file.append(DAY, line(1, 40));
    expect(file.room).toBe(100 - line(1, 40).length);
    expect(await file.append(DAY, line(2, 40))).toBe(SECOND);
    expect(target()).toBe(SECOND);
    await file.close();
    expect(read(FIRST)).toBe(line(1, 40).toString());
    expect(read(SECOND)).toBe(line(2, 40).toString());
  });

  test("does not happen while the size is reached exactly", async () => {
    const { file } = setUp({ maxBytes: 2 * LINE.length });
    await file.open(DAY);
    await file.append(DAY, LINE);
    expect(await file.append(DAY, LINE)).toBe(FIRST);
    expect(await file.append(DAY, LINE)).toBe(SECOND);
    await file.close();
  });

  test("gives a group that is larger than a file one of its own", async () => {
    const { file, read, names } = setUp({ maxBytes: 50 });
    await file.open(DAY);
    await file.append(DAY, line(1, 500));
    expect(await file.append(DAY, LINE)).toBe(SECOND);
    await file.close();
    expect(read(FIRST)).toBe(line(1, 500).toString());
    expect(names()).toEqual([SECOND, FIRST, "metrics.jsonl"]);
  });

  test("happens with the day, and starts at the day's first shard", async () => {
    const { file, target } = setUp();
    await file.open(DAY);
    await file.append(DAY, LINE);
    expect(await file.append("2026-11-21", LINE)).toBe("metrics-2026-11-21.jsonl");
    expect(target()).toBe("metrics-2026-11-21.jsonl");
    await file.close();
  });

  test("into an earlier day does not write to a file that is there", async () => {
    const dataDir = tempFolder();
    writeFileSync(join(dataDir, "metrics-2026-11-19.jsonl"), LINE);
    const { file, read } = setUp({ dataDir });
    await file.open(DAY);
    expect(await file.append("2026-11-19", LINE)).toBe("metrics-2026-11-19.1.jsonl");
    expect(await file.append(DAY, LINE)).toBe(SECOND);
    await file.close();
    expect(read("metrics-2026-11-19.jsonl")).toBe(LINE.toString());
  });

  test("happens when asked for, but not out of a file without a line", async () => {
    const { file, target } = setUp();
    await file.open(DAY);
    expect(await file.roll(DAY)).toBe(FIRST);
    await file.append(DAY, LINE);
    expect(await file.roll(DAY)).toBe(SECOND);
    expect(await file.roll(DAY)).toBe(SECOND);
    expect(target()).toBe(SECOND);
    await file.close();
  });

  test("does not happen where something refuses it before", async () => {
    const beforeRoll = vi.fn(async () => {});
    const { file, names } = setUp({ beforeRoll });
    await file.open(DAY);
    await file.append(DAY, LINE);
    beforeRoll.mockRejectedValueOnce(new Error("not here"));
    await expect(file.roll(DAY)).rejects.toThrow("not here");
    expect(names()).toEqual([FIRST, "metrics.jsonl"]);
    expect(await file.append(DAY, LINE)).toBe(FIRST);
    await file.close();
  });

  test.each(["2026-11-21", "2026-11-19"])(
    "opens a new file where a start finds one of another day than %s",
    async (day) => {
      const before = setUp();
      await before.file.open(DAY);
      await before.file.append(DAY, LINE);
      await before.file.close();
      const { file } = setUp({ dataDir: before.dataDir });
      await file.open(day);
      expect(file.name).toBe(`metrics-${day}.jsonl`);
      await file.close();
    },
  );

  test.each([
    ["compressed", [`${FIRST}.gz`], SECOND],
    ["compressed but not yet deleted", [FIRST, `${FIRST}.gz`], SECOND],
    ["torn and otherwise gone", [FIRST, `${SECOND}.torn`], "metrics-2026-11-20.2.jsonl"],
    ["deleted in the middle", [`${FIRST}.gz`, "metrics-2026-11-20.9.jsonl.gz"], "metrics-2026-11-20.10.jsonl"],
  ])("never uses the number of a shard again that was %s", async (_title, present, next) => {
    const dataDir = tempFolder();
    for (const name of present) writeFileSync(join(dataDir, name), name.endsWith(".jsonl") ? LINE : "old");
    const { file, read } = setUp({ dataDir, maxBytes: LINE.length });
    await file.open(DAY);
    await file.append(DAY, LINE);
    expect(file.name).toBe(next);
    await file.close();
    for (const name of present) expect(read(name)).toBe(name.endsWith(".jsonl") ? LINE.toString() : "old");
  });

  test.each([
    ["deleted", (path: string) => unlinkSync(path)],
    ["compressed", (path: string) => renameSync(path, `${path}.gz`)],
    ["set aside", (path: string) => renameSync(path, `${path}.torn`)],
    ["moved away", (path: string) => renameSync(path, `${path}.backup`)],
  ])("does not use the number of a shard again that is %s while it runs", async (_title, remove) => {
    const { file, dataDir } = setUp({ maxBytes: LINE.length });
    await file.open(DAY);
    await file.append(DAY, LINE);
    expect(await file.append(DAY, LINE)).toBe(SECOND);
    remove(join(dataDir, SECOND));
    remove(join(dataDir, FIRST));
    expect(await file.append(DAY, LINE)).toBe("metrics-2026-11-20.2.jsonl");
    await file.close();
  });
});

describe("what else lies in the folder", () => {
  test("may be gone between the look at the folder and the look at the file", async () => {
    const dataDir = tempFolder();
    symlinkSync("gone", join(dataDir, "metrics-2026-11-18.jsonl"));
    const { file } = setUp({ dataDir });
    await file.open(DAY);
    expect(file.name).toBe(FIRST);
    await file.close();
  });

  test("is left alone where it is not ours", async () => {
    const dataDir = tempFolder();
    for (const name of ["notes.txt", "metrics-backup.jsonl", "metrics-2026-11-20.jsonl.bak"]) {
      writeFileSync(join(dataDir, name), "mine");
    }
    const { file, read } = setUp({ dataDir });
    await file.open(DAY);
    await file.close();
    for (const name of ["notes.txt", "metrics-backup.jsonl", "metrics-2026-11-20.jsonl.bak"]) {
      expect(read(name)).toBe("mine");
    }
  });
});
