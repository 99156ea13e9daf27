import { readdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
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
  test("makes the folder, the day's first file and the link to it", async () => {
    const dataDir = join(tempFolder(), "deep", "data");
    const { file, names, target } = setUp({ dataDir });
    expect(file.name).toBeUndefined();
    expect(await file.open(DAY)).toEqual({ lines: [], tornBytes: 0 });
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

  test("continues after a restart and returns the lines written before", async () => {
    const before = setUp();
    await before.file.open(DAY);
    await before.file.append(DAY, LINE);
    await before.file.close();
    const { file, read, names } = setUp({ dataDir: before.dataDir });
    expect(await file.open(DAY)).toEqual({ lines: ['{"event":"x"}'], tornBytes: 0 });
    await file.append(DAY, LINE);
    await file.close();
    expect(names()).toEqual([FIRST, "metrics.jsonl"]);
    expect(read(FIRST)).toBe(`${LINE}${LINE}`);
  });

  test("starts on a new line after a crash has torn the last one", async () => {
    const dataDir = tempFolder();
    writeFileSync(join(dataDir, FIRST), `${LINE}{"event":"hal`);
    const { file, read } = setUp({ dataDir });
    expect(await file.open(DAY)).toEqual({ lines: ['{"event":"x"}'], tornBytes: 13 });
    await file.append(DAY, LINE);
    await file.close();
    expect(read(FIRST)).toBe(`${LINE}${LINE}`);
    expect(read(`${FIRST}.torn`)).toBe('{"event":"hal');
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

  test("stays in the newest day when the clock goes back", async () => {
    const { file, names } = setUp({ maxBytes: 30 });
    await file.open(DAY);
    expect(await file.append("2026-11-19", LINE)).toBe(FIRST);
    expect(await file.append("2026-11-19", line(1, 30))).toBe(SECOND);
    await file.close();
    expect(names()).toEqual([SECOND, FIRST, "metrics.jsonl"]);
  });

  test("opens a new file on a new day after a restart, and still returns yesterday's lines", async () => {
    const before = setUp();
    await before.file.open(DAY);
    await before.file.append(DAY, LINE);
    await before.file.close();
    const { file } = setUp({ dataDir: before.dataDir });
    const { lines } = await file.open("2026-11-21");
    expect(lines).toEqual(['{"event":"x"}']);
    expect(file.name).toBe("metrics-2026-11-21.jsonl");
    await file.close();
  });

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

  test("returns the lines of the file before the newest, so that a roll just before a restart forgets nothing", async () => {
    const before = setUp({ maxBytes: LINE.length });
    await before.file.open(DAY);
    await before.file.append(DAY, line(1));
    await before.file.append(DAY, line(2));
    await before.file.close();
    const { file } = setUp({ dataDir: before.dataDir });
    const { lines } = await file.open(DAY);
    expect(lines).toEqual([line(1), line(2)].map((bytes) => bytes.toString().trim()));
    await file.close();
  });

  test("returns yesterday's lines even at the second restart of a day without events", async () => {
    const yesterday = setUp();
    await yesterday.file.open(DAY);
    await yesterday.file.append(DAY, LINE);
    await yesterday.file.close();
    const { dataDir } = yesterday;
    for (const _restart of [1, 2]) {
      const { file } = setUp({ dataDir });
      expect((await file.open("2026-11-21")).lines).toEqual(['{"event":"x"}']);
      await file.close();
    }
  });
});

describe("what else lies in the folder", () => {
  test("may be a file of millions of tiny lines", async () => {
    const dataDir = tempFolder();
    writeFileSync(join(dataDir, FIRST), "1\n".repeat(1_000_000));
    const { file } = setUp({ dataDir });
    expect((await file.open(DAY)).lines).toHaveLength(1_000_000);
    await file.close();
  });

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
