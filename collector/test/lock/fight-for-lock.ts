/**
 * A process that takes a lock and lets go of it again and again, and now and then is killed while it holds it:
 * `fight-for-lock.ts FOLDER UNTIL_MS`. Writes a line to `FOLDER/log` for every turn and for everything that must not be.
 */
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { FolderLockedError, takeFolderLock } from "../../src/disk/folder-lock.ts";

const [folder = "", until = "0"] = process.argv.slice(2);
const holderPath = join(folder, "holder");
const self = String(process.pid);

while (Date.now() < Number(until)) {
  try {
    const lock = await takeFolderLock(join(folder, "lock"), { waitMs: 2000 });
    await hold();
    await lock.release();
  } catch (error) {
    if (!(error instanceof FolderLockedError)) throw error;
  }
}

async function hold(): Promise<void> {
  const before = readFileSync(holderPath, "utf8");
  if (before !== "nobody" && isAlive(before)) say(`process ${self} took it from ${before}, which lives`);
  writeFileSync(holderPath, self);
  await sleep(Math.random() * 3);
  if (readFileSync(holderPath, "utf8") !== self) say(`process ${self} was not alone`);
  say("turn");
  if (Math.random() < 0.05) {
    process.kill(process.pid, "SIGKILL");
    for (;;) {
      // The signal may take a moment, in which nothing more may happen.
    }
  }
  writeFileSync(holderPath, "nobody");
}

/** A killed process keeps its number until its parent has asked for its end, proc(5). */
function isAlive(pid: string): boolean {
  try {
    return !/^\d+ \(.*\) [ZX] /s.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

function say(line: string): void {
  appendFileSync(join(folder, "log"), `${line}\n`);
}
