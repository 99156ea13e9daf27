import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { tempFolder } from "../../test/temp-folder.ts";
import { checkLink, keepPlainFile, pointLiveLink, readLiveLink } from "./live-link.ts";

const ONE = "metrics-2026-11-20.jsonl";
const TWO = "metrics-2026-11-20.1.jsonl";

describe("pointLiveLink", () => {
  test("makes a link that is relative, so that the folder may be moved or mounted elsewhere", async () => {
    const linkPath = join(tempFolder(), "metrics.jsonl");
    await pointLiveLink(linkPath, ONE);
    expect(readlinkSync(linkPath)).toBe(ONE);
  });

  test("is never seen missing while it moves", async () => {
    const dataDir = tempFolder();
    const linkPath = join(dataDir, "metrics.jsonl");
    await pointLiveLink(linkPath, ONE);
    let isMoving = true;
    const seen = new Set<string | undefined>();
    const watching = (async () => {
      while (isMoving) seen.add(await readLiveLink(linkPath));
    })();
    for (let round = 0; round < 60; round++) await pointLiveLink(linkPath, round % 2 ? ONE : TWO);
    isMoving = false;
    await watching;
    expect([...seen].sort()).toEqual([TWO, ONE]);
    expect(readdirSync(dataDir)).toEqual(["metrics.jsonl"]);
  });

  test("is not stopped by what a killed process left", async () => {
    const dataDir = tempFolder();
    const linkPath = join(dataDir, "metrics.jsonl");
    symlinkSync(ONE, join(dataDir, ".metrics.jsonl.tmp"));
    await pointLiveLink(linkPath, TWO);
    expect(readlinkSync(linkPath)).toBe(TWO);
    expect(readdirSync(dataDir)).toEqual(["metrics.jsonl"]);
  });
});

describe("readLiveLink", () => {
  test("gives the bare name of what the link names, even where that is not there", async () => {
    const linkPath = join(tempFolder(), "metrics.jsonl");
    symlinkSync(`../elsewhere/${ONE}`, linkPath);
    expect(await readLiveLink(linkPath)).toBe(ONE);
  });

  test("is undefined where there is no link", async () => {
    const dataDir = tempFolder();
    writeFileSync(join(dataDir, "plain"), "");
    expect(await readLiveLink(join(dataDir, "metrics.jsonl"))).toBeUndefined();
    expect(await readLiveLink(join(dataDir, "plain"))).toBeUndefined();
  });
});

describe("keepPlainFile", () => {
  test("keeps somebody's data under .old", async () => {
    const linkPath = join(tempFolder(), "metrics.jsonl");
    writeFileSync(linkPath, "precious\n");
    expect(await keepPlainFile(linkPath)).toBe(`${linkPath}.old`);
    expect(readFileSync(`${linkPath}.old`, "utf8")).toBe("precious\n");
    expect(lstatSync(linkPath, { throwIfNoEntry: false })).toBeUndefined();
  });

  test("does nothing where a link stands, or nothing", async () => {
    const dataDir = tempFolder();
    const linkPath = join(dataDir, "metrics.jsonl");
    expect(await keepPlainFile(linkPath)).toBeUndefined();
    symlinkSync(ONE, linkPath);
    expect(await keepPlainFile(linkPath)).toBeUndefined();
    expect(readdirSync(dataDir)).toEqual(["metrics.jsonl"]);
  });

  test("never replaces an earlier .old", async () => {
    const linkPath = join(tempFolder(), "metrics.jsonl");
    writeFileSync(linkPath, "new\n");
    writeFileSync(`${linkPath}.old`, "earlier\n");
    await expect(keepPlainFile(linkPath)).rejects.toMatchObject({
      name: "DataFolderError",
      message:
        `Tallymark needs ${linkPath} for its link, and both a plain file of that name and ${linkPath}.old exist. ` +
        "Move one of them away.",
    });
    expect(readFileSync(`${linkPath}.old`, "utf8")).toBe("earlier\n");
    expect(readFileSync(linkPath, "utf8")).toBe("new\n");
  });

  test("fails where the folder is a file", async () => {
    const dataDir = tempFolder();
    mkdirSync(join(dataDir, "sub"));
    writeFileSync(join(dataDir, "sub", "file"), "");
    const linkPath = join(dataDir, "sub", "file", "metrics.jsonl");
    await expect(keepPlainFile(linkPath)).rejects.toMatchObject({ code: "ENOTDIR" });
  });
});

describe("checkLink", () => {
  test.each([
    ["data/metrics-2026-11-20.jsonl", "is the name of a data file"],
    ["data/metrics-2026-11-20.3.jsonl.gz", "is the name of a data file"],
    ["data/", "names a folder"],
  ])("refuses %s", async (linkPath, reason) => {
    await expect(checkLink(linkPath)).rejects.toThrow(
      `Tallymark needs a name for its link, and ${linkPath} ${reason}. Set METRICS_JSONL to a path such as ./data/metrics.jsonl.`,
    );
  });

  test.each(["data/metrics.jsonl", "metrics.jsonl", "my data/events", "data/metrics-today.jsonl"])(
    "lets %s be",
    async (path) => {
      await expect(checkLink(path)).resolves.toBeUndefined();
    },
  );

  test("refuses a folder", async () => {
    const linkPath = join(tempFolder(), "data");
    mkdirSync(linkPath);
    writeFileSync(join(linkPath, "precious"), "");
    await expect(checkLink(linkPath)).rejects.toMatchObject({
      name: "DataFolderError",
      message: `Tallymark needs ${linkPath} for its link, and that is a folder. Set METRICS_JSONL to a path in it, such as ${linkPath}/metrics.jsonl.`,
    });
    expect(readdirSync(linkPath)).toEqual(["precious"]);
  });
});
