import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, describe, expect, test, vi } from "vitest";
import { FIRST, hold, NOON, openTestJournal, untilCalled } from "../../test/open-test-journal.ts";
import { tempFolder } from "../../test/temp-folder.ts";
import { createJournal } from "./journal.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

describe("group commit", () => {
  test("takes what arrives in one turn to the disk with one fdatasync, in order", async () => {
    const { journal, linesOf, datasync, onCommit } = await openTestJournal();
    const lines = Array.from({ length: 100 }, (_, n) => JSON.stringify({ n }));
    const files = await Promise.all(lines.map((line) => journal.append([line])));
    expect(datasync).toHaveBeenCalledTimes(1);
    expect(new Set(files)).toEqual(new Set([FIRST]));
    expect(linesOf(FIRST)).toEqual(lines);
    expect(onCommit).toHaveBeenCalledOnce();
    expect(onCommit.mock.calls[0]?.[0]).toMatchObject({ events: 100, bytes: bytesOf(lines) });
    await journal.close();
  });

  test("gathers whatever comes while the disk is busy into the next group", async () => {
    const { journal, linesOf, datasync } = await openTestJournal();
    const release = hold(datasync);
    const first = journal.append(["1"]);
    await untilCalled(datasync, 1);
    const later = Array.from({ length: 50 }, (_, n) => journal.append([String(n + 2)]));
    for (let turn = 0; turn < 5; turn++) await nextTurn();
    expect(datasync).toHaveBeenCalledTimes(1);
    expect(journal.depth).toBe(51);
    release();
    await Promise.all([first, ...later]);
    expect(datasync).toHaveBeenCalledTimes(2);
    expect(journal.depth).toBe(0);
    expect(linesOf(FIRST)).toEqual(Array.from({ length: 51 }, (_, n) => String(n + 1)));
    await journal.close();
  });

  test("does not resolve an append before its own fdatasync has", async () => {
    const { journal, datasync } = await openTestJournal();
    const release = hold(datasync);
    const settled = vi.fn();
    const append = journal.append(["1"]).then(settled);
    await untilCalled(datasync, 1);
    for (let turn = 0; turn < 5; turn++) await nextTurn();
    expect(settled).not.toHaveBeenCalled();
    release();
    await append;
    expect(settled).toHaveBeenCalledOnce();
    await journal.close();
  });

  test("keeps the lines of one append together and in one file, however small the files", async () => {
    const { journal, dataDir, linesOf } = await openTestJournal({ maxBytes: 40 });
    const appends = Array.from({ length: 10 }, (_, n) => [`"${n}-a"`, `"${n}-b"`, `"${n}-c"`]);
    const files = await Promise.all(appends.map((lines) => journal.append(lines)));
    await journal.close();
    for (const [n, lines] of appends.entries()) {
      const stored = linesOf(files[n] ?? "");
      expect(stored.join("\n")).toContain(lines.join("\n"));
    }
    const shards = readdirSync(dataDir).filter((name) => name.startsWith("metrics-"));
    expect(shards).toHaveLength(new Set(files).size);
    expect(shards.flatMap(linesOf).sort()).toEqual(appends.flat().sort());
    for (const shard of shards) expect(readFileSync(join(dataDir, shard)).length).toBeLessThanOrEqual(40);
  });

  test("answers after write(2) where durability is `os`", async () => {
    const { journal, linesOf, datasync } = await openTestJournal({ durability: "os" });
    await journal.append(["1"]);
    expect(datasync).not.toHaveBeenCalled();
    expect(linesOf(FIRST)).toEqual(["1"]);
    await journal.close();
  });
});

describe("days", () => {
  test("begin a new file at midnight UTC, and each event is in the day it was received", async () => {
    let now = Date.parse("2026-11-20T23:59:59.999Z");
    const { journal, linesOf } = await openTestJournal({ now: () => now });
    const before = journal.append(['"before"']);
    now += 1;
    const after = journal.append(['"after"']);
    expect(await Promise.all([before, after])).toEqual([FIRST, "metrics-2026-11-21.jsonl"]);
    expect(linesOf(FIRST)).toEqual(['"before"']);
    expect(linesOf("metrics-2026-11-21.jsonl")).toEqual(['"after"']);
    await journal.close();
  });

  test("never go back, whatever the clock does", async () => {
    let now = NOON;
    const { journal, dataDir } = await openTestJournal({ now: () => now });
    await journal.append(["1"]);
    now -= 2 * 86_400_000;
    expect(await journal.append(["2"])).toBe(FIRST);
    now = Number.NaN;
    expect(await journal.append(["3"])).toBe(FIRST);
    expect(readdirSync(dataDir).filter((name) => name.startsWith("metrics-"))).toEqual([FIRST]);
    await journal.close();
  });
});

describe("close", () => {
  test("stores all that waits, then refuses", async () => {
    const { journal, linesOf, datasync } = await openTestJournal();
    const release = hold(datasync);
    const appends = [journal.append(["1"])];
    await untilCalled(datasync, 1);
    appends.push(journal.append(["2"]), journal.append(["3"]));
    const closed = journal.close();
    await expect(journal.append(["4"])).rejects.toMatchObject({ reason: "shutting_down" });
    release();
    await closed;
    await Promise.all(appends);
    expect(linesOf(FIRST)).toEqual(["1", "2", "3"]);
    expect(journal.file).toBeUndefined();
  });

  test("is no harm before the open, and nothing is taken by then", async () => {
    const journal = createJournal({
      linkPath: join(tempFolder(), "metrics.jsonl"),
      maxBytes: 1000,
      durability: "fsync",
      queueCapacity: 1,
    });
    await expect(journal.append(["1"])).rejects.toMatchObject({ reason: "shutting_down" });
    await expect(journal.close()).resolves.toBeUndefined();
  });
});

describe("open", () => {
  test("returns what was written before, and where it left a plain file that stood in the link's place", async () => {
    const dataDir = tempFolder();
    writeFileSync(join(dataDir, "metrics.jsonl"), "mine\n");
    writeFileSync(join(dataDir, FIRST), '{"n":1}\n{"torn');
    const { recovered, journal } = await openTestJournal({ dataDir });
    expect(recovered).toEqual({ lines: ['{"n":1}'], tornBytes: 6, kept: join(dataDir, "metrics.jsonl.old") });
    expect(readFileSync(join(dataDir, "metrics.jsonl.old"), "utf8")).toBe("mine\n");
    await journal.close();
  });

  test("rejects in one sentence with path, reason and fix", async () => {
    const dataDir = join(tempFolder(), "file");
    writeFileSync(dataDir, "");
    await expect(openTestJournal({ dataDir })).rejects.toMatchObject({
      name: "DataFolderError",
      message:
        `Tallymark cannot write to the data folder ${dataDir}: a part of the path is a file, not a folder. ` +
        "Make it writable for this user, or name another one in METRICS_JSONL.",
    });
  });

  test("refuses a link that would take the place of a data file", async () => {
    const linkPath = join(tempFolder(), FIRST);
    const journal = createJournal({ linkPath, maxBytes: 1000, durability: "fsync", queueCapacity: 10 });
    await expect(journal.open()).rejects.toMatchObject({ name: "DataFolderError" });
  });
});

function bytesOf(lines: readonly string[]): number {
  return Buffer.byteLength(`${lines.join("\n")}\n`);
}
