import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { tempFolder } from "../../test/temp-folder.ts";
import { recall } from "./recall.ts";

const MEBIBYTE = 1_048_576;

/** What a start is told of a folder with these files. */
async function recallFrom(files: { readonly [name: string]: string | Buffer }, wanted = { lines: 100, ids: 100 }) {
  const dataDir = tempFolder();
  for (const [name, content] of Object.entries(files)) writeFileSync(join(dataDir, name), content);
  return recallFolder(dataDir, wanted);
}

async function recallFolder(dataDir: string, wanted = { lines: 100, ids: 100 }) {
  const lines: string[] = [];
  const ids: string[] = [];
  await recall(dataDir, { ...wanted, onLine: (line) => lines.push(line), onId: (id) => ids.push(id) });
  return { lines, ids };
}

const line = (n: number, bytes = 0) => `{"id":"id-${n}","event":"x","title":"${"é".repeat(bytes / 2)}"}`;
const linesOf = (from: number, to: number, bytes = 0) =>
  Array.from({ length: to - from }, (_, index) => line(from + index, bytes));
const idsOf = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => `id-${from + index}`);
const textOf = (lines: readonly string[]) => lines.map((each) => `${each}\n`).join("");

describe("recall", () => {
  test("finds nothing in an empty folder, nor in an empty file", async () => {
    expect(await recallFrom({})).toEqual({ lines: [], ids: [] });
    expect(await recallFrom({ "metrics-2026-11-20.jsonl": "" })).toEqual({ lines: [], ids: [] });
  });

  test("tells the newest lines, oldest first, across files and shards, and no more than asked for", async () => {
    const files = {
      "metrics-2026-11-19.jsonl": textOf(linesOf(0, 10)),
      "metrics-2026-11-20.jsonl": textOf(linesOf(10, 20)),
      "metrics-2026-11-20.2.jsonl": textOf(linesOf(20, 30)),
      "metrics-2026-11-20.10.jsonl": textOf(linesOf(30, 32)),
    };
    expect((await recallFrom(files, { lines: 15, ids: 0 })).lines).toEqual(linesOf(17, 32));
    expect((await recallFrom(files)).lines).toEqual(linesOf(0, 32));
  });

  test("tells every id of files that hold fewer than asked for", async () => {
    const files = {
      "metrics-2026-11-19.jsonl": textOf(linesOf(0, 10)),
      "metrics-2026-11-20.jsonl": textOf(linesOf(10, 20)),
    };
    const { ids } = await recallFrom(files);
    expect(ids.sort()).toEqual(idsOf(0, 20).sort());
  });

  test("stops reading when it has enough, and those are the newest", async () => {
    const all = linesOf(0, 20_000, 500);
    const { lines, ids } = await recallFrom({ "metrics-2026-11-20.jsonl": textOf(all) }, { lines: 5, ids: 3000 });
    expect(lines).toEqual(all.slice(-5));
    expect(ids.length).toBeGreaterThanOrEqual(3000);
    expect(ids.length).toBeLessThan(8000);
    expect(new Set(ids)).toEqual(new Set(idsOf(20_000 - ids.length, 20_000)));
  });

  test("puts lines together that lie across the blocks it reads, also one longer than a block", async () => {
    const all = [...linesOf(0, 5000, 700), line(5000, 3 * MEBIBYTE), ...linesOf(5001, 6000, 700)];
    const { lines, ids } = await recallFrom(
      { "metrics-2026-11-20.jsonl": textOf(all) },
      { lines: all.length, ids: all.length },
    );
    expect(lines).toEqual(all);
    expect(ids.sort()).toEqual(idsOf(0, 6000).sort());
  });

  test("leaves compressed, torn and foreign files alone", async () => {
    const files = {
      "metrics-2026-11-18.jsonl.gz": gzipSync(textOf(linesOf(0, 5))),
      "metrics-2026-11-19.jsonl.torn": textOf(linesOf(5, 10)),
      "notes.jsonl": textOf(linesOf(10, 15)),
      "metrics-2026-11-20.jsonl": textOf(linesOf(15, 16)),
    };
    expect(await recallFrom(files)).toEqual({ lines: [line(15)], ids: ["id-15"] });
  });

  test("finds the id of a line that begins otherwise, and none in what is no event", async () => {
    const strange = ['{"event":"x","id":"late"}', '{"id":7}', "null", "no json", '{"id":"', '{"event":"x"}', '["id"]'];
    const { ids } = await recallFrom({ "metrics-2026-11-20.jsonl": textOf(strange) });
    expect(ids).toEqual(["late"]);
  });

  test("passes over a file that is gone by the time it is read", async () => {
    const dataDir = tempFolder();
    symlinkSync("gone", join(dataDir, "metrics-2026-11-21.jsonl"));
    writeFileSync(join(dataDir, "metrics-2026-11-20.jsonl"), textOf(linesOf(0, 2)));
    expect((await recallFolder(dataDir)).ids).toEqual(idsOf(0, 2));
  });
});
