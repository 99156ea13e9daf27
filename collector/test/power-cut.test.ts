import { constants, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { disk } from "../src/disk/disk.ts";
import { replaceFile } from "../src/disk/replace-file.ts";
import { syncFolder } from "../src/disk/sync-folder.ts";
import { powerCutDisk } from "./power-cut.ts";
import { tempFolder } from "./temp-folder.ts";

function setUp() {
  const root = tempFolder();
  const power = powerCutDisk();
  onTestFinished(power.restore);
  power.watch(root);
  const write = async (name: string, text: string, flags = "a") => {
    const file = await disk.open(join(root, name), flags);
    await file.appendFile(text);
    return file;
  };
  const found = () => readdirSync(root).map((name) => [name, readFileSync(join(root, name), "utf8")]);
  return { root, power, write, found };
}

test("a cut takes a file whose folder was not synced, though the file was", async () => {
  const { power, write, found } = setUp();
  const file = await write("x", "1");
  await file.sync();
  await file.close();
  power.cut();
  expect(found()).toEqual([]);
});

test("a cut takes what was written after the last fdatasync, and nothing before it", async () => {
  const { root, power, write, found } = setUp();
  const file = await write("x", "1");
  await file.datasync();
  await syncFolder(root);
  await file.appendFile("2");
  await file.close();
  power.cut();
  expect(found()).toEqual([["x", "1"]]);
});

test("a cut takes nothing of a file whose every write is synced", async () => {
  const { root, power, found } = setUp();
  const { O_APPEND, O_CREAT, O_DSYNC, O_WRONLY } = constants;
  const file = await disk.open(join(root, "x"), O_WRONLY | O_APPEND | O_CREAT | O_DSYNC);
  await file.write(Buffer.from("1"));
  await syncFolder(root);
  await file.write(Buffer.from("2"));
  await file.close();
  power.cut();
  expect(found()).toEqual([["x", "12"]]);
});

test("a cut undoes renames and removals that were not synced, and leaves those that were", async () => {
  const { root, power, write, found } = setUp();
  await replaceFile(join(root, "x"), (file) => file.writeFile("old"));
  await replaceFile(join(root, "gone"), (file) => file.writeFile("still here"));
  const file = await write("y", "new");
  await file.sync();
  await file.close();
  await syncFolder(root);
  await disk.rename(join(root, "y"), join(root, "x"));
  await disk.unlink(join(root, "gone"));
  power.cut();
  expect(found()).toEqual([
    ["gone", "still here"],
    ["x", "old"],
    ["y", "new"],
  ]);
  await disk.rename(join(root, "y"), join(root, "x"));
  await syncFolder(root);
  power.cut();
  expect(found()).toEqual([
    ["gone", "still here"],
    ["x", "new"],
  ]);
});

test("a cut takes a folder whose own folder was not synced, with all that is in it", async () => {
  const { root, power, found } = setUp();
  await disk.mkdir(join(root, "a/b"), { recursive: true });
  await replaceFile(join(root, "a/b/x"), (file) => file.writeFile("1"));
  power.cut();
  expect(found()).toEqual([]);
  await disk.mkdir(join(root, "a"));
  await syncFolder(root);
  await replaceFile(join(root, "a/x"), (file) => file.writeFile("1"));
  power.cut();
  expect(readFileSync(join(root, "a/x"), "utf8")).toBe("1");
  expect(dirname(root)).not.toBe(root);
});

test("where chance is kind, what was not synced survives, or a part of it, or a hole", async () => {
  const outcomes = [
    [true, true, true],
    [true, true, false, true],
    [true, true, false, false],
    [true, false],
  ];
  const texts: string[] = [];
  for (const outcome of outcomes) {
    const { power, write, found } = setUp();
    const file = await write("x", "1234");
    await file.close();
    const answers = [...outcome];
    power.cut(() => answers.shift() ?? false);
    texts.push(String(found()[0]?.[1]));
  }
  expect(texts).toEqual(["1234", "12", "\0\0\0\0", ""]);
});
