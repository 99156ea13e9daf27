import { mkdirSync, readdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { tempFolder } from "../../test/temp-folder.ts";
import { applyRotation } from "./apply.ts";
import { planNow, rotateOnce } from "./rotate-once.ts";

const NOW = Date.parse("2026-11-20T12:00:00Z");
const LIVE = "metrics-2026-11-20.jsonl";

/** Of an unfinished copy. */
const RUN = "0b5cf9b4-4c5d-4c43-9d10-3f7a2f1f5b11";
const AN_HOUR_AGO = new Date(Date.now() - 3_600_000);

function setUp(files: { readonly [name: string]: string | Buffer }) {
  const dataDir = tempFolder();
  for (const [name, content] of Object.entries(files)) writeFileSync(join(dataDir, name), content);
  const linkPath = join(dataDir, "metrics.jsonl");
  symlinkSync(LIVE, linkPath);
  const options = { dataDir, linkPath, gzipAfterDays: 3, retentionDays: 30 };
  return {
    dataDir,
    options,
    names: () => readdirSync(dataDir).sort(),
    read: (name: string) => readFileSync(join(dataDir, name), "utf8"),
    unzip: (name: string) => gunzipSync(readFileSync(join(dataDir, name))).toString(),
  };
}

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
    const { options, names, unzip, read, dataDir } = setUp({
      ...untouched,
      "metrics-2026-11-16.jsonl": "due\n",
      "metrics-2026-10-01.jsonl.gz": "expired",
    });
    const actions = await rotateOnce(options, NOW);
    expect(actions).toEqual([
      { type: "delete", name: "metrics-2026-10-01.jsonl.gz", reason: "ended 49 days ago" },
      { type: "gzip", name: "metrics-2026-11-16.jsonl", reason: "ended 3 days ago" },
    ]);
    expect(unzip("metrics-2026-11-16.jsonl.gz")).toBe("due\n");
    expect(names()).toEqual([...Object.keys(untouched), "metrics-2026-11-16.jsonl.gz", "metrics.jsonl"].sort());
    for (const [name, content] of Object.entries(untouched)) {
      expect(readFileSync(join(dataDir, name))).toEqual(Buffer.from(content));
    }
    expect(read("metrics.jsonl")).toBe("live\n");
  });

  test("has nothing left to do the second time", async () => {
    const { options } = setUp({ "metrics-2026-11-16.jsonl": "x\n" });
    expect(await rotateOnce(options, NOW)).toHaveLength(1);
    expect(await rotateOnce(options, NOW)).toEqual([]);
  });

  test("finishes what a killed run left at any moment", async () => {
    const { dataDir, options, names, unzip } = setUp({
      "metrics-2026-11-14.jsonl": "whole\n",
      [`metrics-2026-11-14.jsonl.gz.${RUN}.tmp`]: gzipSync("whole\n").subarray(0, 9),
      "metrics-2026-11-15.jsonl": "both\n",
      "metrics-2026-11-15.jsonl.gz": gzipSync("both\n"),
    });
    utimesSync(join(dataDir, `metrics-2026-11-14.jsonl.gz.${RUN}.tmp`), AN_HOUR_AGO, AN_HOUR_AGO);
    const actions = await rotateOnce(options, NOW);
    expect(actions.map(({ type, name }) => [type, name])).toEqual([
      ["gzip", "metrics-2026-11-14.jsonl"],
      ["gzip", "metrics-2026-11-15.jsonl"],
    ]);
    expect(names()).toEqual(["metrics-2026-11-14.jsonl.gz", "metrics-2026-11-15.jsonl.gz", "metrics.jsonl"]);
    expect(unzip("metrics-2026-11-14.jsonl.gz")).toBe("whole\n");
    expect(unzip("metrics-2026-11-15.jsonl.gz")).toBe("both\n");
  });

  test("leaves a copy that is being written, and files of others, alone", async () => {
    const files = {
      [`metrics-2026-11-14.jsonl.gz.${RUN}.tmp`]: "being written",
      "metrics-2026-11-14.jsonl.gz.tmp": "no id",
      [`notes.gz.${RUN}.tmp`]: "not ours",
    };
    const { options, names } = setUp(files);
    await rotateOnce(options, NOW);
    expect(names()).toEqual([...Object.keys(files), "metrics.jsonl"].sort());
  });

  test("reports a file that fails and goes on with the rest", async () => {
    const { options, dataDir, names } = setUp({ "metrics-2026-11-13.jsonl": "a\n", "metrics-2026-11-15.jsonl": "c\n" });
    mkdirSync(join(dataDir, "metrics-2026-11-14.jsonl"));
    mkdirSync(join(dataDir, "metrics-2026-10-01.jsonl.gz"));
    const actions = await rotateOnce(options, NOW);
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
    expect(await rotateOnce({ ...options, linkPath }, NOW)).toEqual([]);
    expect(names()).toContain("metrics-2026-01-01.jsonl");
  });

  test("rejects where the folder itself is not there", async () => {
    const dataDir = join(tempFolder(), "gone");
    const options = { dataDir, linkPath: join(dataDir, "metrics.jsonl"), gzipAfterDays: 3, retentionDays: 30 };
    await expect(rotateOnce(options, NOW)).rejects.toMatchObject({ code: "ENOENT" });
  });
});

test("planNow touches nothing", async () => {
  const { options, names } = setUp({ "metrics-2026-11-16.jsonl": "x\n", "metrics-2026-10-01.jsonl": "y\n" });
  const before = names();
  expect((await planNow(options, NOW)).map(({ type }) => type)).toEqual(["delete", "gzip"]);
  expect(names()).toEqual(before);
});

test("applyRotation reports a file that somebody else has removed meanwhile", async () => {
  const action = { type: "delete", name: "metrics-2026-10-01.jsonl", reason: "ended 49 days ago" } as const;
  expect(await applyRotation(tempFolder(), [action])).toMatchObject([{ ...action, error: { code: "ENOENT" } }]);
});
