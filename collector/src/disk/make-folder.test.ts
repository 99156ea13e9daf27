import { statSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { powerCutDisk } from "../../test/power-cut.ts";
import { tempFolder } from "../../test/temp-folder.ts";
import { makeFolder } from "./make-folder.ts";

test("a folder and those above it are made for their owner and group, and survive a power cut", async () => {
  const root = tempFolder();
  const power = powerCutDisk();
  onTestFinished(power.restore);
  power.watch(root);
  await makeFolder(join(root, "a/b/c"));
  expect(statSync(join(root, "a/b/c")).mode & 0o007).toBe(0);
  power.cut();
  expect(statSync(join(root, "a/b/c")).isDirectory()).toBe(true);
});

test("a folder that is there stays as it is, and a file in its place is said", async () => {
  const root = tempFolder();
  await makeFolder(root);
  await makeFolder(join(root, "a"));
  await makeFolder(join(root, "a"));
  expect(statSync(join(root, "a")).isDirectory()).toBe(true);
  await expect(makeFolder("/dev/null/a")).rejects.toMatchObject({ code: "ENOTDIR" });
});
