import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tempFolder } from "../../test/temp-folder.ts";
import { listSegments } from "./list-segments.ts";

test("listSegments names every data file, oldest first, and nothing else", async () => {
  const dataDir = tempFolder();
  const names = [
    "metrics-2026-11-20.10.jsonl",
    "metrics-2026-11-20.2.jsonl",
    "metrics-2026-11-20.jsonl",
    "metrics-2026-11-19.jsonl.gz",
    "metrics-2026-11-19.jsonl.torn",
    "metrics.jsonl",
    "metrics.jsonl.old",
    "metrics-2026-11-19.jsonl.gz.99.tmp",
    "notes.txt",
  ];
  for (const name of names) writeFileSync(join(dataDir, name), "");
  const found = (await listSegments(dataDir)).map(({ name }) => name);
  expect(found.slice(0, 2).sort()).toEqual(["metrics-2026-11-19.jsonl.gz", "metrics-2026-11-19.jsonl.torn"]);
  expect(found.slice(2)).toEqual([
    "metrics-2026-11-20.jsonl",
    "metrics-2026-11-20.2.jsonl",
    "metrics-2026-11-20.10.jsonl",
  ]);
});

test("listSegments rejects for a folder that is not there", async () => {
  await expect(listSegments(join(tempFolder(), "gone"))).rejects.toMatchObject({ code: "ENOENT" });
});

test("listSegments leaves out a compressed copy whose original is still there: its lines would count twice", async () => {
  const dataDir = tempFolder();
  const names = ["metrics-2026-11-19.jsonl", "metrics-2026-11-19.jsonl.gz", "metrics-2026-11-19.1.jsonl.gz"];
  for (const name of names) writeFileSync(join(dataDir, name), "");
  expect((await listSegments(dataDir)).map(({ name }) => name)).toEqual([names[0], names[2]]);
});
