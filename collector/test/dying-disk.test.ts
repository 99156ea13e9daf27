import { readdirSync, readFileSync, rmSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { disk } from "../src/disk/disk.ts";
import { FolderLockedError, takeFolderLock } from "../src/disk/folder-lock.ts";
import { replaceFile } from "../src/disk/replace-file.ts";
import { Died, dieAt, dieAtEveryStep, recordSteps } from "./dying-disk.ts";
import { tempFolder } from "./temp-folder.ts";

const TEXT = "eight by";
const writeText = (dataDir: string) => replaceFile(join(dataDir, "x"), (file) => file.writeFile(TEXT));

test("a whole run names the calls that change something, in order, and the disk is itself again when the test is over", async () => {
  const dataDir = tempFolder();
  expect(await recordSteps(() => writeText(dataDir))).toEqual([
    "open x.….tmp",
    "writeFile x.….tmp",
    "sync x.….tmp",
    "rename x.….tmp → x",
    `sync ${dataDir.slice(dataDir.lastIndexOf("/") + 1)}`,
  ]);
  expect(readFileSync(join(dataDir, "x"), "utf8")).toBe(TEXT);
});

test("a death leaves a step undone, done by half or done, and no cleanup comes after it", async () => {
  const dyingAt = async (step: number, death: "before" | "half" | "after") => {
    const dataDir = tempFolder();
    expect(await dieAt(step, death, () => writeText(dataDir))).toBeTypeOf("string");
    return readdirSync(dataDir).map((name) => [
      name.replace(/\..*/, ".tmp"),
      readFileSync(join(dataDir, name), "utf8"),
    ]);
  };
  expect(await dyingAt(0, "before")).toEqual([]);
  expect(await dyingAt(0, "after")).toEqual([["x.tmp", ""]]);
  expect(await dyingAt(1, "before")).toEqual([["x.tmp", ""]]);
  expect(await dyingAt(1, "half")).toEqual([["x.tmp", "eigh"]]);
  expect(await dyingAt(1, "after")).toEqual([["x.tmp", TEXT]]);
  expect(await dyingAt(3, "before")).toEqual([["x.tmp", TEXT]]);
  expect(await dyingAt(3, "after")).toEqual([["x", TEXT]]);
});

test("a write of a part of a buffer is done by half, and the half is that part's", async () => {
  const path = join(tempFolder(), "x");
  await dieAt(1, "half", async () => {
    const file = await disk.open(path, "w");
    await file.write(Buffer.from(TEXT), 2, 6);
  });
  expect(readFileSync(path, "utf8")).toBe("ght");
});

test("what outlives its run finds its disk dead, its handles closed, and is not heard", async () => {
  const dataDir = tempFolder();
  const heard: boolean[] = [];
  let late: Promise<unknown> = Promise.resolve();
  let opened: FileHandle | undefined;
  await dieAt(1, "before", async (life) => {
    const file = await disk.open(join(dataDir, "a"), "w");
    opened = file;
    late = new Promise((resolve) => setTimeout(resolve, 50)).then(() => disk.open(join(dataDir, "b"), "w"));
    late.catch(() => {});
    await file.write("x").catch(() => heard.push(life.isDead));
  });
  expect(heard).toEqual([true]);
  await expect(late).rejects.toThrow(Died);
  expect(opened?.fd).toBe(-1);
  await (await disk.open(join(dataDir, "c"), "w")).close();
  expect(readdirSync(dataDir)).toEqual(["a", "c"]);
});

test("every step is died at in every way, and a failed check says where", async () => {
  const deaths: string[] = [];
  await dieAtEveryStep({
    prepare: async () => tempFolder(),
    run: writeText,
    check: async (_dataDir, died) => void deaths.push(died),
  });
  expect(deaths.length).toBe(1 + 5 * 2 + 1);
  expect(deaths).toContain("half step 2 of 5, writeFile x.….tmp");

  const failing = dieAtEveryStep({
    prepare: async () => tempFolder(),
    run: writeText,
    check: async (dataDir) => expect(readdirSync(dataDir)).toEqual(["x"]),
  });
  await expect(failing).rejects.toThrow(/^having died before step 1 of 5, open x\.….tmp: expected/);
});

test("what a run throws while it lives is thrown", async () => {
  await expect(recordSteps(() => disk.unlink(join(tempFolder(), "none")))).rejects.toMatchObject({ code: "ENOENT" });
});

test("a lock that a dead run held is a dead one's, with its socket still there", async () => {
  const dataDir = tempFolder();
  const path = join(dataDir, "x.lock");
  await dieAtEveryStep({
    prepare: async () => rmSync(path, { force: true }),
    async run() {
      await takeFolderLock(path);
      await disk.unlink(join(dataDir, "none")).catch(() => {});
    },
    async check(_fixture, died) {
      if (died === "nothing") return;
      const lock = await takeFolderLock(path);
      await expect(takeFolderLock(path)).rejects.toThrow(FolderLockedError);
      await lock.release();
    },
  });
  const sockets = readdirSync(dataDir).filter((name) => name.endsWith(".sock"));
  expect(sockets.length).toBeGreaterThan(0);
});
