import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { codeOf } from "./data-folder-error.ts";
import { disk } from "./disk.ts";
import { ignoreMissing } from "./ignore-missing.ts";
import { describeSelf, judgeHolder, type LockHolder, readHolder, type SeenHolder } from "./lock-holder.ts";
import { listenOn } from "./lock-socket.ts";

/**
 * A lock on a folder, between processes, containers and machines, that no crash leaves behind: a file with the name of its
 * holder, given its name by link(2), which fails where the name is taken.
 *
 * Taking over from a dead holder is where such locks go wrong: two processes find it dead, one replaces the file, and the
 * other then removes the new one. So the file of a dead holder is not removed: the next holder links its own as
 * `<lock>.<token of the dead>.next`, a name that only one process can ever win while the dead one's file is in place, and
 * then renames it to the lock's name. Whoever reads the lock follows these names to the last one.
 * @module
 */

/** How often a holder touches its lock. Where only that can tell, one that was silent for this long is dead. */
const TOUCH_INTERVAL_MS = 5000;
const SILENT_MS = 15_000;

const RETRY_INTERVAL_MS = 100;

/** What a process that was killed while it took a lock left behind is removed after this time. */
const LEFTOVER_MS = 60_000;

export interface FolderLock {
  /**
   * Takes the lock again where its file is gone, as when the folder was replaced by another.
   * Rejects with FolderLockedError where somebody else holds it now.
   */
  keep(): Promise<void>;
  /** Never rejects: a file that cannot be removed is one of a dead holder as soon as nobody listens. */
  release(): Promise<void>;
}

export interface FolderLockOptions {
  /** How long to wait for a living holder, in ms (default 0). */
  readonly waitMs?: number;
  /** How long a holder on another machine must be silent to be dead, in ms (default 15,000). */
  readonly silentMs?: number;
}

/** Somebody else holds the lock. */
export class FolderLockedError extends Error {
  override readonly name = "FolderLockedError";
  readonly code = "ELOCKED";
  /** Of the holder; 0 where its file does not say. */
  readonly pid: number;
  readonly host: string;

  constructor(path: string, { pid, host }: Pick<LockHolder, "pid" | "host">) {
    super(`process ${pid} on host ${host} holds ${path}`);
    this.pid = pid;
    this.host = host;
  }
}

/**
 * Takes a lock; its folder is made where only that is missing.
 * Rejects with FolderLockedError (fields pid, host; the message says who holds it) unless it gets free within waitMs. That
 * a holder on another machine is dead shows only in its silence: then this takes 15 s.
 */
export async function takeFolderLock(path: string, options: FolderLockOptions = {}): Promise<FolderLock> {
  let held = await take(path, options);
  const touching = setInterval(() => void touch(path), TOUCH_INTERVAL_MS).unref();

  return {
    async keep() {
      const holder = await findHolder(path);
      if (holder?.token === held.self.token) return;
      if (holder) throw new FolderLockedError(path, holder);
      const lost = held;
      held = await take(path, {});
      await lost.stopListening?.();
    },
    async release() {
      clearInterval(touching);
      // While it still listens: else another finds it dead, takes over, and this removes the other's file.
      const holder = await readHolder(path).catch(() => undefined);
      if (holder?.token === held.self.token) await disk.unlink(path).catch(() => {});
      await held.stopListening?.();
    },
  };
}

interface Held {
  readonly self: LockHolder;
  readonly stopListening: (() => Promise<void>) | undefined;
}

async function take(path: string, { waitMs = 0, silentMs = SILENT_MS }: FolderLockOptions): Promise<Held> {
  const deadline = performance.now() + waitMs;
  await disk.mkdir(dirname(path), { mode: 0o750 }).catch(ignoreExisting);
  for (;;) {
    const holder = await findHolder(path);
    if (!holder || (await isDead(path, holder, silentMs))) {
      const held = await claim(path, holder);
      if (held) return held;
    } else {
      const leftMs = deadline - performance.now();
      if (leftMs <= 0) throw new FolderLockedError(path, holder);
      await sleep(Math.min(leftMs, RETRY_INTERVAL_MS));
    }
  }
}

/** The lock's holder: the last of those who took it over from each other. */
async function findHolder(path: string): Promise<SeenHolder | undefined> {
  let holder = await readHolder(path);
  while (holder) {
    const next = await readHolder(nextName(path, holder));
    if (!next || next.token === holder.token) return holder;
    holder = next;
  }
  return undefined;
}

async function isDead(path: string, holder: SeenHolder, silentMs: number): Promise<boolean> {
  const verdict = await judgeHolder(path, holder);
  if (verdict !== "unknown") return verdict === "dead";
  for (let waitedMs = 0; waitedMs < silentMs; waitedMs += RETRY_INTERVAL_MS) {
    await sleep(RETRY_INTERVAL_MS);
    const seen = await findHolder(path);
    if (seen?.token !== holder.token || seen.touchedAt !== holder.touchedAt) return false;
  }
  return true;
}

/** @returns `undefined` where another was faster */
async function claim(path: string, dead: LockHolder | undefined): Promise<Held | undefined> {
  const identity = await describeSelf();
  const unnamed = `${path}.${identity.token}.new`;
  const socketPath = `${path}.${identity.token}.sock`;
  const stopListening = await listenOn(socketPath);
  const self = { ...identity, socket: stopListening ? basename(socketPath) : "" };
  try {
    await writeHolder(unnamed, self);
    if (await becomeHolder(path, unnamed, self, dead)) {
      await removeLeftovers(path, dead).catch(() => {});
      return { self, stopListening };
    }
  } catch (error) {
    await stopListening?.();
    throw error;
  } finally {
    await disk.unlink(unnamed).catch(() => {});
  }
  await stopListening?.();
  return undefined;
}

async function becomeHolder(
  path: string,
  unnamed: string,
  self: LockHolder,
  dead: LockHolder | undefined,
): Promise<boolean> {
  const name = dead ? nextName(path, dead) : path;
  try {
    await disk.link(unnamed, name);
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
  if (!dead) return true;
  // The dead one's file may have been replaced since we read it: then nobody would find ours.
  const isFound = (await findHolder(path))?.token === self.token;
  if (isFound) await disk.rename(name, path);
  else await disk.unlink(name).catch(ignoreMissing);
  return isFound;
}

function nextName(path: string, { token }: LockHolder): string {
  return `${path}.${token}.next`;
}

/** On the disk before it has its name: an empty lock after a power cut would say nothing of its holder. */
async function writeHolder(path: string, holder: LockHolder): Promise<void> {
  const file = await disk.open(path, "wx", 0o640);
  try {
    await file.writeFile(`${JSON.stringify(holder)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function removeLeftovers(path: string, dead: LockHolder | undefined): Promise<void> {
  const folder = dirname(path);
  const isLeftover = /^\.[0-9a-f-]*\.(?:new|next|sock)$/;
  // By the file system's own clock: ours may be set otherwise, and what another makes just now would look old.
  const { mtimeMs: now } = await disk.lstat(path);
  for (const name of await disk.readdir(folder)) {
    if (!name.startsWith(basename(path)) || !isLeftover.test(name.slice(basename(path).length))) continue;
    const found = await disk.lstat(join(folder, name)).catch(() => undefined);
    const isOld = found !== undefined && now - found.mtimeMs > LEFTOVER_MS;
    if (isOld || name === dead?.socket) await disk.unlink(join(folder, name)).catch(() => {});
  }
}

async function touch(path: string): Promise<void> {
  const now = new Date();
  await disk.utimes(path, now, now).catch(() => {});
}

function ignoreExisting(error: unknown): void {
  if (codeOf(error) !== "EEXIST") throw error;
}
