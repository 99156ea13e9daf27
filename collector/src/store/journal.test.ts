import { constants, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { diskError, fileHandlePrototype } from "../../test/file-handle-prototype.ts";
import { FIRST, NOON, openTestJournal } from "../../test/open-test-journal.ts";
import { tempFolder } from "../../test/temp-folder.ts";
import { untilCalled } from "../../test/watch-writes.ts";
import { disk } from "../disk/disk.ts";
import { createJournal } from "./journal.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

describe("group commit", () => {
  test("takes what arrives in one turn to the disk with one write, in order", async () => {
    const { journal, append, linesOf, write, onCommit } = await openTestJournal();
    const lines = Array.from({ length: 100 }, (_, n) => JSON.stringify({ n }));
    const files = await Promise.all(lines.map((line) => append(line)));
    expect(write).toHaveBeenCalledTimes(1);
    expect(new Set(files)).toEqual(new Set([FIRST]));
    expect(linesOf(FIRST)).toEqual(lines);
    expect(onCommit).toHaveBeenCalledOnce();
    expect(onCommit.mock.calls[0]?.[0]).toMatchObject({ events: 100, bytes: bytesOf(lines) });
    await journal.close();
  });

  test("gathers whatever comes while the disk is busy into the next group", async () => {
    const { journal, append, linesOf, write, hold } = await openTestJournal();
    const release = hold();
    const first = append("1");
    await untilCalled(write, 1);
    const later = Array.from({ length: 50 }, (_, n) => append(String(n + 2)));
    for (let turn = 0; turn < 5; turn++) await nextTurn();
    expect(write).toHaveBeenCalledTimes(1);
    expect(journal.depth).toBe(51);
    release();
    await Promise.all([first, ...later]);
    expect(write).toHaveBeenCalledTimes(2);
    expect(journal.depth).toBe(0);
    expect(linesOf(FIRST)).toEqual(Array.from({ length: 51 }, (_, n) => String(n + 1)));
    await journal.close();
  });

  test("does not resolve an append before its own write has", async () => {
    const { journal, append, write, hold } = await openTestJournal();
    const release = hold();
    const settled = vi.fn();
    const appended = append("1").then(settled);
    await untilCalled(write, 1);
    for (let turn = 0; turn < 5; turn++) await nextTurn();
    expect(settled).not.toHaveBeenCalled();
    release();
    await appended;
    expect(settled).toHaveBeenCalledOnce();
    await journal.close();
  });

  test("keeps the lines of one append together and in one file, however small the files", async () => {
    const { journal, append, dataDir, linesOf } = await openTestJournal({ maxBytes: 40 });
    const appends = Array.from({ length: 10 }, (_, n) => [`"${n}-a"`, `"${n}-b"`, `"${n}-c"`]);
    const files = await Promise.all(appends.map((lines) => append(...lines)));
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
    const opened = vi.spyOn(disk, "open");
    const { journal, append, linesOf } = await openTestJournal({ durability: "os" });
    expect(opened.mock.calls.filter(([, flags]) => Number(flags) & constants.O_DSYNC)).toEqual([]);
    const datasync = vi.spyOn(await fileHandlePrototype(), "datasync");
    await append("1");
    expect(datasync).not.toHaveBeenCalled();
    expect(linesOf(FIRST)).toEqual(["1"]);
    await journal.close();
  });
});

describe("days", () => {
  test("begin a new file at midnight UTC, and each event is in the day it was received", async () => {
    let now = Date.parse("2026-11-20T23:59:59.999Z");
    const { journal, append, linesOf } = await openTestJournal({ now: () => now });
    const before = append('"before"');
    now += 1;
    const after = append('"after"');
    expect(await Promise.all([before, after])).toEqual([FIRST, "metrics-2026-11-21.jsonl"]);
    expect(linesOf(FIRST)).toEqual(['"before"']);
    expect(linesOf("metrics-2026-11-21.jsonl")).toEqual(['"after"']);
    await journal.close();
  });

  test.each(["America/New_York", "Europe/Berlin", "Pacific/Kiritimati"])(
    "are those of UTC in %s, also when daylight saving time ends there",
    async (timeZone) => {
      vi.stubEnv("TZ", timeZone);
      onTestFinished(() => void vi.unstubAllEnvs());
      let now = Date.parse("2026-10-25T00:00:00Z");
      const { journal, append, dataDir } = await openTestJournal({ now: () => now });
      const days = new Set<string>();
      // Berlin lives the hour before 01:00 UTC twice; every local midnight is passed over on the way.
      for (; now < Date.parse("2026-10-26T00:00:00Z"); now += 1_800_000) days.add(await append("1"));
      expect([...days]).toEqual(["metrics-2026-10-25.jsonl"]);
      expect(await append("2")).toBe("metrics-2026-10-26.jsonl");
      expect(readdirSync(dataDir)).toHaveLength(4);
      await journal.close();
    },
  );

  test("are those of the moment that an append names, also where midnight has passed since", async () => {
    let now = NOON;
    const { journal } = await openTestJournal({ now: () => now });
    const midnight = NOON + 43_200_000;
    now = midnight;
    expect(await journal.append(Buffer.from("1\n"), 1, midnight - 1)).toBe(FIRST);
    expect(await journal.append(Buffer.from("2\n"), 1, midnight)).toBe("metrics-2026-11-21.jsonl");
    await journal.close();
  });

  test("go on where the clock jumps two days ahead, stay there when it jumps back, and after a restart too", async () => {
    let now = NOON;
    const first = await openTestJournal({ now: () => now });
    const { dataDir } = first;
    await first.append('"20th"');
    now += 2 * 86_400_000;
    expect(await first.append('"22nd"')).toBe("metrics-2026-11-22.jsonl");
    now -= 86_400_000;
    expect(await first.append('"still 22nd"')).toBe("metrics-2026-11-22.jsonl");
    await first.journal.close();
    const second = await openTestJournal({ dataDir, now: () => now });
    expect(await second.append('"still 22nd"')).toBe("metrics-2026-11-22.jsonl");
    await second.journal.close();
    expect(second.linesOf(FIRST)).toEqual(['"20th"']);
  });

  test("come back from a far future into a new file", async () => {
    let now = NOON;
    const { journal, append, linesOf } = await openTestJournal({ now: () => now });
    await append('"before"');
    now += 3650 * 86_400_000;
    expect(await append('"never"')).toBe("metrics-2036-11-17.jsonl");
    now = NOON;
    expect(await append('"after"')).toBe("metrics-2026-11-20.1.jsonl");
    expect(linesOf(FIRST)).toEqual(['"before"']);
    await journal.close();
  });

  test("never go back, whatever the clock does", async () => {
    let now = NOON;
    const { journal, append, dataDir } = await openTestJournal({ now: () => now });
    await append("1");
    now -= 2 * 86_400_000;
    expect(await append("2")).toBe(FIRST);
    now = Number.NaN;
    expect(await append("3")).toBe(FIRST);
    expect(readdirSync(dataDir).filter((name) => name.startsWith("metrics-"))).toEqual([FIRST]);
    await journal.close();
  });
});

describe("close", () => {
  test("stores all that waits, then refuses", async () => {
    const { journal, append, linesOf, write, hold } = await openTestJournal();
    const release = hold();
    const appends = [append("1")];
    await untilCalled(write, 1);
    appends.push(append("2"), append("3"));
    const closed = journal.close();
    await expect(append("4")).rejects.toMatchObject({ reason: "shutting_down" });
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
    await expect(journal.append(Buffer.from("1\n"), 1)).rejects.toMatchObject({ reason: "shutting_down" });
    await expect(journal.roll()).rejects.toMatchObject({ reason: "shutting_down" });
    await expect(journal.close()).resolves.toBeUndefined();
  });
});

describe("roll", () => {
  test("leaves everything appended before in a closed file, and opens the next", async () => {
    const { journal, append, linesOf, write, hold } = await openTestJournal();
    const release = hold();
    const before = [append("1"), append("2")];
    await untilCalled(write, 1);
    before.push(append("3"));
    const rolled = journal.roll();
    const after = append("4");
    release();
    expect(await Promise.all(before)).toEqual([FIRST, FIRST, FIRST]);
    await rolled;
    expect(await after).toBe("metrics-2026-11-20.1.jsonl");
    expect(linesOf(FIRST)).toEqual(["1", "2", "3"]);
    expect(journal.file).toBe("metrics-2026-11-20.1.jsonl");
    await journal.close();
  });

  test("rejects where no file can be opened, and heals with the next append that can", async () => {
    const { journal, append } = await openTestJournal();
    await append("1");
    vi.spyOn(await fileHandlePrototype(), "sync").mockRejectedValueOnce(diskError("ENOSPC"));
    await expect(journal.roll()).rejects.toMatchObject({ name: "SinkError", reason: "disk_full" });
    expect(journal.failure).toBe("disk_full");
    await journal.roll();
    expect(journal.failure).toBe("disk_full");
    await append("2");
    expect(journal.failure).toBeUndefined();
    await journal.close();
  });
});

describe("one journal", () => {
  test("writes a folder: a second one is refused in a sentence that says who holds it, until the first is closed", async () => {
    const { journal, append, dataDir, linesOf } = await openTestJournal();
    await append("1");
    await expect(openTestJournal({ dataDir })).rejects.toMatchObject({
      name: "DataFolderError",
      message:
        `Another collector (process ${process.pid} on host ${hostname()}) already writes to ${dataDir}. ` +
        "Stop it, or give this one a folder of its own in METRICS_JSONL.",
    });
    await append("2");
    await journal.close();
    const next = await openTestJournal({ dataDir });
    await next.append("3");
    await next.journal.close();
    expect(linesOf(FIRST)).toEqual(["1", "2", "3"]);
    expect(readdirSync(join(dataDir, ".tallymark"))).toEqual([]);
  });

  test("lets go of a folder that it could not open", async () => {
    const dataDir = tempFolder();
    vi.spyOn(disk, "symlink").mockRejectedValueOnce(diskError("EACCES"));
    await expect(openTestJournal({ dataDir })).rejects.toThrow("this user may not write there");
    const { journal } = await openTestJournal({ dataDir });
    await journal.close();
  });

  test("takes the lock of a folder that was put in the place of its own, or leaves it to who holds it", async () => {
    const { journal, append, dataDir, linesOf } = await openTestJournal();
    await append("1");
    renameSync(dataDir, `${dataDir}.moved`);
    onTestFinished(() => rmSync(`${dataDir}.moved`, { recursive: true }));
    await expect(append("2")).rejects.toMatchObject({ reason: "folder_missing" });
    mkdirSync(dataDir);
    const other = await openTestJournal({ dataDir });
    await expect(append("3")).rejects.toMatchObject({ reason: "not_writable" });
    await other.append("theirs");
    await other.journal.close();
    expect(await append("4")).toBe("metrics-2026-11-20.1.jsonl");
    await expect(openTestJournal({ dataDir })).rejects.toMatchObject({ name: "DataFolderError" });
    expect(linesOf(FIRST)).toEqual(["theirs"]);
    expect(linesOf("metrics-2026-11-20.1.jsonl")).toEqual(["4"]);
    expect(readFileSync(join(`${dataDir}.moved`, FIRST), "utf8")).toBe("1\n");
    await journal.close();
  });
});

describe("open", () => {
  test("tells what was written before, and where it left a plain file that stood in the link's place", async () => {
    const dataDir = tempFolder();
    writeFileSync(join(dataDir, "metrics.jsonl"), "mine\n");
    writeFileSync(join(dataDir, FIRST), '{"n":1}\n{"torn');
    const onLine = vi.fn();
    const recall = { lines: 5, onLine, ids: 5, onId() {} };
    const { recovered, journal } = await openTestJournal({ dataDir, recall });
    expect(recovered).toEqual({ tornBytes: 6, kept: join(dataDir, "metrics.jsonl.old") });
    expect(onLine.mock.calls).toEqual([['{"n":1}']]);
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
