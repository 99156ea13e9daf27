import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, test, vi } from "vitest";
import { dieAtEveryStep } from "../../test/dying-disk.ts";
import { tempFolder } from "../../test/temp-folder.ts";
import { takeMaintenanceLock } from "../disk/maintenance-lock.ts";
import { listSegments } from "../segments/list-segments.ts";
import { readBlocks } from "../segments/read-blocks.ts";
import { applyRotation } from "./apply.ts";
import { planNow, type RotateOptions, rotateOnce } from "./rotate-once.ts";

const DAY_MS = 86_400_000;
const NOW = Date.parse("2026-11-20T12:00:00Z");
const LIVE = "metrics-2026-11-20.jsonl";

/** Of an unfinished copy. */
const RUN = "0b5cf9b4-4c5d-4c43-9d10-3f7a2f1f5b11";

function setUp(files: { readonly [name: string]: string | Buffer }, more: Partial<RotateOptions> = {}) {
  const dataDir = tempFolder();
  for (const [name, content] of Object.entries(files)) writeFileSync(join(dataDir, name), content);
  const linkPath = join(dataDir, "metrics.jsonl");
  symlinkSync(LIVE, linkPath);
  let clock = NOW;
  const machine = async () => ({ bootId: "a", uptimeMs: clock - NOW });
  const options: RotateOptions = { dataDir, linkPath, gzipAfterDays: 3, retentionDays: 30, machine, ...more };
  return {
    dataDir,
    options,
    async rotate(now = NOW) {
      clock = now;
      return (await rotateOnce(options, now)).actions;
    },
    names: () =>
      readdirSync(dataDir)
        .filter((name) => name !== ".tallymark")
        .sort(),
    read: (name: string) => readFileSync(join(dataDir, name), "utf8"),
    unzip: (name: string) => gunzipSync(readFileSync(join(dataDir, name))).toString(),
  };
}

const lineOf = (event: string, n = 0) => `${JSON.stringify({ id: `${event}-${n}`, event })}\n`;

describe("rotateOnce", () => {
  test("compresses and deletes what is due and leaves everything else as it is", async () => {
    const untouched = {
      [LIVE]: "live\n",
      "metrics-2026-11-20.1.jsonl": "today\n",
      "metrics-2026-11-21.jsonl": "future\n",
      "metrics-2026-11-19.jsonl": "yesterday\n",
      "metrics-2026-11-01.jsonl.torn": "torn\n",
      "metrics-2026-10-30.jsonl.gz": gzipSync("old\n"),
      "metrics.jsonl.old": "somebody's\n",
      "notes-2020-01-01.jsonl": "not ours\n",
    };
    const { rotate, names, unzip, read, dataDir } = setUp({
      ...untouched,
      "metrics-2026-11-16.jsonl": "due\n",
      "metrics-2026-10-01.jsonl.gz": "expired",
    });
    const actions = await rotate();
    expect(actions).toEqual([
      { type: "delete", name: "metrics-2026-10-01.jsonl.gz", ageDays: 49, reason: "ended 49 days ago" },
      { type: "gzip", name: "metrics-2026-11-16.jsonl", ageDays: 3, reason: "ended 3 days ago" },
    ]);
    expect(unzip("metrics-2026-11-16.jsonl.gz")).toBe("due\n");
    expect(names()).toEqual([...Object.keys(untouched), "metrics-2026-11-16.jsonl.gz", "metrics.jsonl"].sort());
    for (const [name, content] of Object.entries(untouched)) {
      expect(readFileSync(join(dataDir, name))).toEqual(Buffer.from(content));
    }
    expect(read("metrics.jsonl")).toBe("live\n");
  });

  test("has nothing left to do the second time", async () => {
    const { rotate } = setUp({ "metrics-2026-11-16.jsonl": "x\n" });
    expect(await rotate()).toHaveLength(1);
    expect(await rotate()).toEqual([]);
  });

  test("finishes what a killed run left at any moment", async () => {
    const { rotate, names, unzip } = setUp({
      "metrics-2026-11-14.jsonl": "whole\n",
      [`metrics-2026-11-14.jsonl.gz.${RUN}.tmp`]: gzipSync("whole\n").subarray(0, 9),
      "metrics-2026-11-15.jsonl": "both\n",
      "metrics-2026-11-15.jsonl.gz": gzipSync("both\n"),
      "metrics-2026-11-16.jsonl": "damaged\n",
      "metrics-2026-11-16.jsonl.gz": gzipSync("damaged\n").subarray(0, 20),
    });
    const actions = await rotate();
    expect(actions.map(({ type, name }) => [type, name])).toEqual([
      ["gzip", "metrics-2026-11-14.jsonl"],
      ["gzip", "metrics-2026-11-16.jsonl"],
    ]);
    const whole = ["metrics-2026-11-14.jsonl.gz", "metrics-2026-11-15.jsonl.gz", "metrics-2026-11-16.jsonl.gz"];
    expect(names()).toEqual([...whole, "metrics.jsonl"]);
    expect(whole.map(unzip)).toEqual(["whole\n", "both\n", "damaged\n"]);
  });

  test("reports a file and its .gz that differ, compresses neither, and deletes both in their time", async () => {
    const files = { "metrics-2026-11-14.jsonl": "one\n", "metrics-2026-11-14.jsonl.gz": gzipSync("other\n") };
    const { rotate, names } = setUp({ ...files, "metrics-2026-11-15.jsonl": "x\n" });
    expect(await rotate()).toMatchObject([
      { type: "tidy", name: "metrics-2026-11-14.jsonl", error: { code: "pair_differs" } },
      { type: "gzip", name: "metrics-2026-11-15.jsonl" },
    ]);
    expect(names()).toEqual([...Object.keys(files), "metrics-2026-11-15.jsonl.gz", "metrics.jsonl"]);
    await rotate(NOW + 27 * DAY_MS);
    await rotate(NOW + 27 * DAY_MS);
    expect(names()).toEqual(["metrics.jsonl"]);
  });

  test("leaves files of others, and the live file's copy, alone", async () => {
    const files = { "metrics-2026-11-14.jsonl.gz.tmp": "no id", [`${LIVE}.gz`]: "whose is it" };
    const { rotate, names } = setUp({ ...files, [LIVE]: "live\n" });
    expect(await rotate()).toEqual([]);
    expect(names()).toEqual([...Object.keys(files), LIVE, "metrics.jsonl"].sort());
  });

  test("reports a file that fails and goes on with the rest", async () => {
    const { rotate, dataDir, names } = setUp({ "metrics-2026-11-13.jsonl": "a\n", "metrics-2026-11-15.jsonl": "c\n" });
    mkdirSync(join(dataDir, "metrics-2026-11-14.jsonl"));
    mkdirSync(join(dataDir, "metrics-2026-10-01.jsonl.gz"));
    const actions = await rotate();
    expect(actions.map(({ name, error }) => [name, error === undefined])).toEqual([
      ["metrics-2026-10-01.jsonl.gz", false],
      ["metrics-2026-11-13.jsonl", true],
      ["metrics-2026-11-14.jsonl", false],
      ["metrics-2026-11-15.jsonl", true],
    ]);
    expect(names()).toEqual([
      "metrics-2026-10-01.jsonl.gz",
      "metrics-2026-11-13.jsonl.gz",
      "metrics-2026-11-14.jsonl",
      "metrics-2026-11-15.jsonl.gz",
      "metrics.jsonl",
    ]);
  });

  test("leaves the live file alone even where its day is long over", async () => {
    const { options, dataDir, names } = setUp({ "metrics-2026-01-01.jsonl": "quiet site\n" });
    const linkPath = join(dataDir, "quiet.jsonl");
    symlinkSync("metrics-2026-01-01.jsonl", linkPath);
    expect((await rotateOnce({ ...options, linkPath }, NOW)).actions).toEqual([]);
    expect(names()).toContain("metrics-2026-01-01.jsonl");
  });

  test("rejects where the folder itself is not there", async () => {
    const dataDir = join(tempFolder(), "gone");
    const options = { dataDir, linkPath: join(dataDir, "metrics.jsonl"), gzipAfterDays: 3, retentionDays: 30 };
    await expect(rotateOnce(options, NOW)).rejects.toMatchObject({ code: "ENOENT" });
  });
});

test("planNow touches nothing", async () => {
  const { options, dataDir } = setUp({ "metrics-2026-11-16.jsonl": "x\n", "metrics-2026-10-01.jsonl": "y\n" });
  const before = readdirSync(dataDir);
  expect((await planNow(options, NOW)).actions.map(({ type }) => type)).toEqual(["delete", "gzip"]);
  expect(readdirSync(dataDir)).toEqual(before);
});

test("applyRotation reports a file that somebody else has removed meanwhile", async () => {
  const { dataDir, options } = setUp({});
  const name = "metrics-2026-10-01.jsonl";
  const action = { type: "delete", name, ageDays: 49, reason: "ended 49 days ago" } as const;
  expect(await applyRotation([action], { dataDir, policy: options })).toMatchObject([
    { ...action, error: { code: "ENOENT" } },
  ]);
});

describe("terms by event name", () => {
  const ttlDays = { error: 7, order: 60 };

  test("are kept in plain files and in compressed ones, each file looked through once for each term", async () => {
    const lines = lineOf("error") + lineOf("page_view") + lineOf("order");
    const { rotate, unzip, names } = setUp(
      {
        "metrics-2026-11-12.jsonl": lines,
        "metrics-2026-11-11.jsonl.gz": gzipSync(lines),
        "metrics-2026-11-13.jsonl": lines,
      },
      { ttlDays, gzipAfterDays: 7 },
    );
    const young = await rotate();
    expect(young.map(({ type, name, removed }) => [type, name, removed])).toEqual([
      ["expire", "metrics-2026-11-11.jsonl.gz", 1],
      ["expire", "metrics-2026-11-12.jsonl", 1],
      ["gzip", "metrics-2026-11-12.jsonl", undefined],
    ]);
    for (const name of ["metrics-2026-11-11.jsonl.gz", "metrics-2026-11-12.jsonl.gz"])
      expect(unzip(name)).toBe(lineOf("page_view") + lineOf("order"));
    expect(await rotate()).toEqual([]);

    await rotate(NOW + 25 * DAY_MS);
    expect(unzip("metrics-2026-11-12.jsonl.gz")).toBe(lineOf("order"));
    expect(unzip("metrics-2026-11-13.jsonl.gz")).toBe(lineOf("order"));
    await rotate(NOW + 60 * DAY_MS);
    expect(names()).toEqual(["metrics.jsonl"]);
  });

  test("are applied anew where the policy changes, or what was known is lost", async () => {
    const name = "metrics-2026-11-18.jsonl";
    const { options, dataDir } = setUp({ [name]: lineOf("error") }, { ttlDays: { error: 1 } });
    const types = async (policy: Partial<RotateOptions> = {}) =>
      (await rotateOnce({ ...options, ...policy }, NOW)).actions.map(({ type }) => type);
    expect(await types()).toEqual(["expire"]);
    expect(await types({ ttlDays: { search: 1 } })).toEqual(["expire"]);
    writeFileSync(join(dataDir, ".tallymark/cleared.json"), "{");
    expect(await types({ ttlDays: { search: 1 } })).toEqual(["expire"]);
    expect(await types({ ttlDays: { search: 1 } })).toEqual([]);
  });

  test("of a damaged file are reported, and it is still deleted in its time", async () => {
    const name = "metrics-2026-11-10.jsonl.gz";
    const { rotate, names } = setUp({ [name]: gzipSync(lineOf("error")).subarray(0, 30) }, { ttlDays: { error: 7 } });
    expect(await rotate()).toMatchObject([{ type: "expire", name, error: { code: expect.stringContaining("Z_") } }]);
    expect(names()).toEqual([name, "metrics.jsonl"]);
    expect(await rotate(NOW + 21 * DAY_MS)).toMatchObject([{ type: "delete", name }]);
    expect(names()).toEqual(["metrics.jsonl"]);
  });
});

describe("an archive", () => {
  test("has a file before it is deleted, compressed, and without the events whose term was shorter", async () => {
    const stored = new Map<string, string>();
    const archive = async (path: string) => {
      stored.set(path.slice(path.lastIndexOf("/") + 1), gunzipSync(readFileSync(path)).toString());
    };
    const { rotate, names } = setUp(
      { "metrics-2026-10-19.jsonl": lineOf("error") + lineOf("search"), "metrics-2026-10-18.jsonl.torn": "{" },
      { archive, ttlDays: { error: 7 } },
    );
    await rotate(NOW - 20 * DAY_MS);
    expect(await rotate()).toMatchObject([
      { type: "delete" },
      { type: "archive", name: "metrics-2026-10-19.jsonl.gz" },
    ]);
    expect([...stored]).toEqual([["metrics-2026-10-19.jsonl.gz", lineOf("search")]]);
    expect(names()).toEqual(["metrics.jsonl"]);
  });

  test("that fails keeps the file, and gets it with the next run", async () => {
    const archive = vi.fn(async () => {});
    archive.mockRejectedValueOnce(new Error("503"));
    const { rotate, names } = setUp(
      { "metrics-2026-10-01.jsonl": "x\n", "metrics-2026-10-02.jsonl": "y\n" },
      { archive },
    );
    expect(await rotate()).toMatchObject([{ error: { message: "503" } }, { name: "metrics-2026-10-02.jsonl" }]);
    expect(names()).toEqual(["metrics-2026-10-01.jsonl.gz", "metrics.jsonl"]);
    expect(await rotate()).toMatchObject([{ type: "archive", name: "metrics-2026-10-01.jsonl.gz" }]);
    expect(names()).toEqual(["metrics.jsonl"]);
  });
});

describe("one run at a time", () => {
  test("is what the lock of the folder is for; a run waits for it as long as it is told", async () => {
    const { options, dataDir, names } = setUp({ "metrics-2026-10-01.jsonl": "x\n" });
    const lock = await takeMaintenanceLock(dataDir);
    await expect(rotateOnce(options, NOW)).rejects.toMatchObject({ name: "FolderLockedError", pid: process.pid });
    expect(names()).toHaveLength(2);
    const waiting = rotateOnce(options, NOW, { waitMs: 10_000 });
    await lock.release();
    expect((await waiting).actions).toMatchObject([{ type: "delete" }]);
    expect(readdirSync(join(dataDir, ".tallymark"))).toEqual(["clock.json"]);
  });
});

describe("a clock that is set forward by 40 days", () => {
  const uptimeMs = 3_600_000;
  const files = { "metrics-2026-11-10.jsonl.gz": gzipSync("x\n"), "metrics-2026-10-21.jsonl.gz": gzipSync("y\n") };

  test("deletes nothing before its time; what falls due by the uptime still goes", async () => {
    let sinceBoot = uptimeMs;
    const { options, names } = setUp(files, { machine: async () => ({ bootId: "a", uptimeMs: sinceBoot }) });
    expect(await rotateOnce(options, NOW)).toEqual({ actions: [], leapDays: 0 });
    expect(await rotateOnce(options, NOW + 40 * DAY_MS)).toEqual({ actions: [], leapDays: 40 });
    sinceBoot += DAY_MS;
    expect(await rotateOnce(options, NOW + 41 * DAY_MS)).toMatchObject({
      actions: [{ type: "delete", name: "metrics-2026-10-21.jsonl.gz", ageDays: 30 }],
      leapDays: 40,
    });
    expect(names()).toEqual(["metrics-2026-11-10.jsonl.gz", "metrics.jsonl"]);
    expect(await rotateOnce(options, NOW + DAY_MS)).toEqual({ actions: [], leapDays: 0 });
  });

  test("is believed within a day, and after the machine has started again", async () => {
    let bootId = "a";
    const { options } = setUp(files, { machine: async () => ({ bootId, uptimeMs }) });
    await rotateOnce(options, NOW);
    expect(await rotateOnce(options, NOW + DAY_MS)).toMatchObject({ actions: [{ type: "delete" }], leapDays: 0 });
    bootId = "b";
    expect(await rotateOnce(options, NOW + 40 * DAY_MS)).toMatchObject({ actions: [{ type: "delete" }], leapDays: 0 });
  });

  test("and one set back delete nothing, and nothing is noted of it", async () => {
    const { options, dataDir } = setUp(files, { machine: async () => ({ bootId: "a", uptimeMs }) });
    await rotateOnce(options, NOW);
    const noted = readFileSync(join(dataDir, ".tallymark/clock.json"), "utf8");
    expect(await rotateOnce(options, NOW - 40 * DAY_MS)).toEqual({ actions: [], leapDays: 0 });
    expect(readFileSync(join(dataDir, ".tallymark/clock.json"), "utf8")).toBe(noted);
    expect(await rotateOnce(options, NOW)).toEqual({ actions: [], leapDays: 0 });
  });
});

test("a run that dies at any call of the disk loses and doubles nothing, and the next one finishes its job", async () => {
  const kept = "metrics-2026-11-12.jsonl";
  const steps = await dieAtEveryStep({
    prepare: async () => {
      const archived: string[] = [];
      const folder = setUp(
        {
          "metrics-2026-10-01.jsonl": lineOf("a"),
          [kept]: lineOf("error") + lineOf("b") + lineOf("c"),
          "metrics-2026-11-13.jsonl.gz": gzipSync(lineOf("error", 1) + lineOf("d")),
          [LIVE]: lineOf("live"),
        },
        { ttlDays: { error: 6 }, archive: async (path) => void archived.push(path) },
      );
      return { ...folder, archived };
    },
    run: ({ options }) => rotateOnce(options, NOW),
    async check({ dataDir, options, names, archived }) {
      expect(await linesOf(dataDir)).toEqual(
        expect.arrayContaining([lineOf("b"), lineOf("c"), lineOf("d"), lineOf("live")]),
      );
      await rotateOnce(options, NOW);
      expect(names()).toEqual([`${kept}.gz`, "metrics-2026-11-13.jsonl.gz", LIVE, "metrics.jsonl"].sort());
      expect(await linesOf(dataDir)).toEqual([lineOf("b"), lineOf("c"), lineOf("d"), lineOf("live")]);
      expect(new Set(archived)).toEqual(new Set([join(dataDir, "metrics-2026-10-01.jsonl.gz")]));
      expect((await rotateOnce(options, NOW)).actions).toEqual([]);
      const states = readdirSync(join(dataDir, ".tallymark")).filter((name) => name.includes("json"));
      expect(states.sort()).toEqual(["cleared.json", "clock.json"]);
    },
  });
  expect(steps).toContain(`unlink ${kept}`);
  expect(steps).toContain("unlink metrics-2026-10-01.jsonl.gz");
  expect(steps.length).toBeGreaterThan(40);
});

/** What a reader finds, each line once. */
async function linesOf(dataDir: string): Promise<string[]> {
  const lines: string[] = [];
  for (const { name } of await listSegments(dataDir))
    for await (const block of readBlocks(join(dataDir, name))) lines.push(...block.lines.toString().split(/(?<=\n)/));
  return lines;
}
