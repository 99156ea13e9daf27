import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { tempFolder } from "../temp-folder.ts";

const FIGHTER = fileURLToPath(new URL("fight-for-lock.ts", import.meta.url));
const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const FIGHTERS = 4;
const FIGHT_MS = 10_000;

test("a lock that processes fight for, and are killed with, is never held by two", async () => {
  const folder = tempFolder();
  writeFileSync(join(folder, "holder"), "nobody");
  const until = Date.now() + FIGHT_MS;
  const command = ["--import", "tsx", "--conditions=@tallymark/source", FIGHTER, folder, String(until)];
  const fight = async () => {
    while (Date.now() < until) await once(spawn(process.execPath, command, { cwd: ROOT, stdio: "inherit" }), "exit");
  };
  await Promise.all(Array.from({ length: FIGHTERS }, fight));
  const lines = readFileSync(join(folder, "log"), "utf8").split("\n").slice(0, -1);
  expect(lines.filter((line) => line !== "turn")).toEqual([]);
  expect(lines.length).toBeGreaterThan(20);
});
