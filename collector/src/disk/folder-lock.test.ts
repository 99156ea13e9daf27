import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, unlinkSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { diskError } from "../../test/file-handle-prototype.ts";
import { tempFolder } from "../../test/temp-folder.ts";
import { disk } from "./disk.ts";
import { FolderLockedError, takeFolderLock } from "./folder-lock.ts";

const TAKE_LOCK = fileURLToPath(new URL("../../test/lock/take-lock.ts", import.meta.url));
const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const STALE_TOKEN = "00000000-0000-4000-8000-000000000000";

afterEach(() => {
  vi.restoreAllMocks();
});

const lockPath = () => join(tempFolder(), ".tallymark", "writer.lock");
const filesOf = (path: string) => readdirSync(dirname(path)).sort();
const holderOf = (path: string) => JSON.parse(readFileSync(path, "utf8"));

/** A process that takes the lock at that moment; killed when the test is over. */
function startTaker(path: string, at = 0, then = ""): { process: ChildProcess; said: Promise<string> } {
  const command = ["--import", "tsx", "--conditions=@tallymark/source", TAKE_LOCK, path, String(at), then];
  const child = spawn(process.execPath, command, { cwd: ROOT, stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const said = once(child.stdout, "data").then(([data]) => String(data).trim());
  return { process: child, said };
}

/** What a process left that held the lock and is gone. */
function leaveLock(path: string, more: object = {}): void {
  mkdirSync(dirname(path), { recursive: true });
  const self = { pid: 2 ** 22 + 1, host: hostname(), bootId: bootId(), token: STALE_TOKEN, socket: "gone.sock" };
  writeFileSync(path, `${JSON.stringify({ ...self, ...more })}\n`);
}

function bootId(): string {
  return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
}

describe("a folder's lock", () => {
  test("is refused with who holds it while it is held, and leaves nothing behind when it is released", async () => {
    const path = lockPath();
    const lock = await takeFolderLock(path);
    const error = await takeFolderLock(path).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(FolderLockedError);
    expect(error).toMatchObject({
      pid: process.pid,
      host: hostname(),
      message: `process ${process.pid} on host ${hostname()} holds ${path}`,
    });
    await lock.release();
    expect(filesOf(path)).toEqual([]);
    await (await takeFolderLock(path)).release();
  });

  test("is held until its file is gone: nobody may find its holder dead and take over while that removes the file", async () => {
    const path = lockPath();
    const lock = await takeFolderLock(path);
    const { unlink } = disk;
    const meanwhile = vi.fn();
    vi.spyOn(disk, "unlink").mockImplementation(async (name) => {
      if (name === path) await takeFolderLock(path).catch(meanwhile);
      return unlink(name);
    });
    await lock.release();
    expect(meanwhile).toHaveBeenCalledWith(expect.any(FolderLockedError));
    expect(filesOf(path)).toEqual([]);
  });

  test("is waited for, but not longer than asked", async () => {
    const path = lockPath();
    const lock = await takeFolderLock(path);
    const startedAt = performance.now();
    await expect(takeFolderLock(path, { waitMs: 150 })).rejects.toThrow(FolderLockedError);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(140);
    const waiting = takeFolderLock(path, { waitMs: 10_000 });
    await lock.release();
    await (await waiting).release();
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });

  test("is given to exactly one of many in one process, and to the next when that one is done", async () => {
    const path = lockPath();
    let holders = 0;
    let turns = 0;
    const use = async () => {
      const lock = await takeFolderLock(path, { waitMs: 20_000 });
      holders += 1;
      expect(holders).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 2));
      holders -= 1;
      turns += 1;
      await lock.release();
    };
    await Promise.all(Array.from({ length: 20 }, use));
    expect(turns).toBe(20);
    expect(filesOf(path)).toEqual([]);
  });

  test("works in a folder whose path is longer than a socket's may be", async () => {
    const path = join(tempFolder(), "x".repeat(120), "writer.lock");
    mkdirSync(dirname(path));
    const lock = await takeFolderLock(path);
    expect(holderOf(path).socket).toMatch(/\.sock$/);
    await expect(takeFolderLock(path)).rejects.toThrow(FolderLockedError);
    await lock.release();
    expect(filesOf(path)).toEqual([]);
  });

  test("clears away what dead takers left a minute ago, by the file system's clock, and nothing of one at work", async () => {
    const path = lockPath();
    mkdirSync(dirname(path));
    const [dead, atWork] = [`${path}.${STALE_TOKEN}.new`, `${path}.11111111-0000-4000-8000-000000000000.sock`];
    writeFileSync(dead, "");
    writeFileSync(atWork, "");
    const longAgo = Date.now() / 1000 - 90;
    utimesSync(dead, longAgo, longAgo);
    vi.spyOn(Date, "now").mockReturnValue(Date.now() + 86_400_000);
    const lock = await takeFolderLock(path);
    expect(filesOf(path)).not.toContain(basename(dead));
    expect(filesOf(path)).toContain(basename(atWork));
    await lock.release();
  });

  test("is not taken where the data folder is missing, and does not make one", async () => {
    const path = join(tempFolder(), "gone", ".tallymark", "writer.lock");
    await expect(takeFolderLock(path)).rejects.toMatchObject({ code: "ENOENT" });
    expect(readdirSync(join(path, "../../.."))).toEqual([]);
  });

  test("leaves nothing behind where it cannot be made", async () => {
    const path = lockPath();
    vi.spyOn(disk, "link").mockRejectedValueOnce(diskError("EROFS"));
    await expect(takeFolderLock(path)).rejects.toMatchObject({ code: "EROFS" });
    expect(filesOf(path)).toEqual([]);
  });

  test("is taken again by its holder where the file is gone, and not where another's is in its place", async () => {
    const path = lockPath();
    const lock = await takeFolderLock(path);
    const { token } = holderOf(path);
    await lock.keep();
    expect(holderOf(path).token).toBe(token);
    unlinkSync(path);
    await lock.keep();
    expect(holderOf(path).token).not.toBe(token);
    await expect(takeFolderLock(path)).rejects.toThrow(FolderLockedError);
    unlinkSync(path);
    const other = await takeFolderLock(path);
    await expect(lock.keep()).rejects.toThrow(FolderLockedError);
    await lock.release();
    expect(filesOf(path)).toHaveLength(2);
    await other.release();
    expect(filesOf(path)).toEqual([]);
  });
});

describe("a lock that a dead process left", () => {
  test("is taken over at once, though its process id may be running again as something else", async () => {
    const path = lockPath();
    leaveLock(path, { pid: process.pid });
    const startedAt = performance.now();
    const lock = await takeFolderLock(path);
    expect(performance.now() - startedAt).toBeLessThan(1000);
    await lock.release();
    expect(filesOf(path)).toEqual([]);
  });

  test("by a kill is taken over, with the socket it left", async () => {
    const path = lockPath();
    const { process: holder, said } = startTaker(path);
    expect(await said).toBe("held");
    await expect(takeFolderLock(path)).rejects.toMatchObject({ pid: holder.pid });
    holder.kill("SIGKILL");
    await once(holder, "exit");
    expect(filesOf(path)).toHaveLength(2);
    const lock = await takeFolderLock(path);
    await lock.release();
    expect(filesOf(path)).toEqual([]);
  });

  test("is not one while the process is only stopped", async () => {
    const path = lockPath();
    const { process: holder, said } = startTaker(path);
    expect(await said).toBe("held");
    holder.kill("SIGSTOP");
    await expect(takeFolderLock(path)).rejects.toMatchObject({ pid: holder.pid });
  });

  test("is dead on a machine that was started again since, whatever runs there now", async () => {
    const path = lockPath();
    leaveLock(path, { pid: process.pid, bootId: "of-yesterday", socket: "" });
    await (await takeFolderLock(path)).release();
  });

  test("in the middle of taking over from another is taken over as well", async () => {
    const path = lockPath();
    leaveLock(path);
    leaveLock(`${path}.${STALE_TOKEN}.next`, { token: "11111111-0000-4000-8000-000000000000" });
    const lock = await takeFolderLock(path);
    await expect(takeFolderLock(path)).rejects.toMatchObject({ pid: process.pid });
    await lock.release();
    await (await takeFolderLock(path)).release();
  });

  test.each([
    ["without a socket, of a process that is gone", { socket: "" }],
    ["without a socket, of a process that may be another by now", { pid: process.pid, socket: "" }],
    ["of another machine", { host: "elsewhere", bootId: "another" }],
    ["that says nothing", undefined],
  ])("%s is taken over when it was silent for long", async (_title, holder) => {
    const path = lockPath();
    leaveLock(path, holder);
    if (!holder) writeFileSync(path, "");
    const lock = await takeFolderLock(path, { silentMs: 300 });
    expect(holderOf(path).pid).toBe(process.pid);
    await lock.release();
  });

  test.each([
    ["on another machine", { host: "elsewhere", bootId: "another" }],
    ["without a socket", { pid: process.pid, socket: "" }],
  ])("is a living one's %s while that touches it", async (_title, holder) => {
    const path = lockPath();
    leaveLock(path, holder);
    const touching = setInterval(() => utimesSync(path, new Date(), new Date()), 50);
    onTestFinished(() => clearInterval(touching));
    await expect(takeFolderLock(path, { silentMs: 1000 })).rejects.toThrow(FolderLockedError);
  });

  test("stays silent only where its holder is dead: a living one touches it every 5 s", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    onTestFinished(() => void vi.useRealTimers());
    const path = lockPath();
    const lock = await takeFolderLock(path);
    const utimes = vi.spyOn(disk, "utimes");
    vi.advanceTimersByTime(15_000);
    expect(utimes.mock.calls.map(([path]) => path)).toEqual([path, path, path]);
    await lock.release();
    vi.advanceTimersByTime(15_000);
    expect(utimes).toHaveBeenCalledTimes(3);
  });

  test("without sockets on the file system is still held by one only", async () => {
    const path = lockPath();
    const net = await import("node:net");
    vi.spyOn(net.Server.prototype, "listen").mockImplementation(function (this: InstanceType<typeof net.Server>) {
      queueMicrotask(() => this.emit("error", diskError("EOPNOTSUPP")));
      return this;
    });
    const lock = await takeFolderLock(path);
    expect(holderOf(path).socket).toBe("");
    const touching = setInterval(() => utimesSync(path, new Date(), new Date()), 50);
    onTestFinished(() => clearInterval(touching));
    await expect(takeFolderLock(path, { silentMs: 500 })).rejects.toThrow(FolderLockedError);
    await lock.release();
  });

  test("goes to exactly one of many processes that find it in the same moment", async () => {
    const TAKERS = 6;
    const path = lockPath();
    leaveLock(path);
    for (let round = 0; round < 2; round += 1) {
      const at = Date.now() + 2500;
      const takers = Array.from({ length: TAKERS }, () => startTaker(path, at));
      const said = await Promise.all(takers.map(({ said }) => said));
      const winner = takers[said.indexOf("held")]?.process.pid;
      const expected = said.map((word) => (word === "held" ? "held" : String(winner)));
      expect(said).toEqual(expected);
      expect(said.filter((word) => word === "held")).toHaveLength(1);
      for (const { process } of takers) {
        process.kill("SIGKILL");
        await once(process, "exit");
      }
    }
  });

  test("goes to exactly one of many that find it in the same moment, whatever order their calls come in", async () => {
    for (let round = 0; round < 50; round += 1) {
      const path = lockPath();
      leaveLock(path);
      const taken = await Promise.allSettled(
        Array.from({ length: 10 }, async () => {
          await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
          return takeFolderLock(path);
        }),
      );
      const locks = taken.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
      expect(locks).toHaveLength(1);
      await locks[0]?.release();
      expect(filesOf(path)).toEqual([]);
    }
  });
});
