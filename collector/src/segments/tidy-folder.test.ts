import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, test, vi } from "vitest";
import { diskError, fileHandlePrototype } from "../../test/file-handle-prototype.ts";
import { tempFolder } from "../../test/temp-folder.ts";
import { tidyFolder } from "./tidy-folder.ts";

const NAME = "metrics-2026-11-10.jsonl";
const LIVE = "metrics-2026-11-20.jsonl";

afterEach(() => {
  vi.restoreAllMocks();
});

function folderOf(files: { readonly [name: string]: string | Buffer }) {
  const dataDir = tempFolder();
  for (const [name, content] of Object.entries(files)) writeFileSync(join(dataDir, name), content);
  return { dataDir, names: () => readdirSync(dataDir).sort() };
}

describe("tidyFolder", () => {
  test("removes copies that nobody has finished, whoever made them, and no other file", async () => {
    const run = "0b5cf9b4-4c5d-4c43-9d10-3f7a2f1f5b11";
    const { dataDir, names } = folderOf({
      [`${NAME}.gz.${run}.tmp`]: "",
      [`metrics.jsonl.old.${run}.tmp`]: "",
      [`${NAME}.tmp`]: "",
      [`${NAME}.gz`]: gzipSync("x\n"),
      "notes.txt": "",
    });
    expect(await tidyFolder(dataDir, LIVE)).toEqual(new Map());
    expect(names()).toEqual([`${NAME}.gz`, `${NAME}.tmp`, "notes.txt"]);
  });

  test.each([
    ["the copy, where it is whole", gzipSync("x\n"), `${NAME}.gz`],
    ["the original, where the copy is cut off", gzipSync("x\n").subarray(0, 15), NAME],
    ["the original, where the copy is empty", "", NAME],
    ["the original, where the copy is no gzip at all", "x\n", NAME],
  ])("keeps %s", async (_, copy, kept) => {
    const { dataDir, names } = folderOf({ [NAME]: "x\n", [`${NAME}.gz`]: copy });
    expect(await tidyFolder(dataDir, LIVE)).toEqual(new Map());
    expect(names()).toEqual([kept]);
  });

  test("keeps both and says so where they differ, or where the disk does not let it look", async () => {
    const both = [NAME, `${NAME}.gz`];
    const { dataDir, names } = folderOf({ [NAME]: "x\n", [`${NAME}.gz`]: gzipSync("x\ny\n") });
    const faults = await tidyFolder(dataDir, LIVE);
    expect(faults.get(NAME)).toMatchObject({ message: expect.stringContaining("hold different lines") });
    expect(names()).toEqual(both);

    vi.spyOn(await fileHandlePrototype(), "read").mockRejectedValue(diskError("EIO"));
    expect((await tidyFolder(dataDir, LIVE)).get(NAME)).toMatchObject({ code: "EIO" });
    expect(names()).toEqual(both);
  });

  test("leaves the live file and its namesake alone", async () => {
    const { dataDir, names } = folderOf({ [LIVE]: "x\n", [`${LIVE}.gz`]: gzipSync("x\n") });
    expect(await tidyFolder(dataDir, LIVE)).toEqual(new Map());
    expect(names()).toEqual([LIVE, `${LIVE}.gz`]);
  });
});
