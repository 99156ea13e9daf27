import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { codeOf } from "./data-folder-error.ts";
import { disk } from "./disk.ts";
import { whoListens } from "./lock-socket.ts";

/** Who holds a lock, as the lock file says it in one line of JSON. */
export interface LockHolder {
  readonly pid: number;
  /** Name of the machine or the container. */
  readonly host: string;
  /** Changes whenever the machine starts; `""` where the system does not tell. */
  readonly bootId: string;
  /** Made at random for every lock taken. */
  readonly token: string;
  /** Bare name of the unix socket beside the lock on which the holder listens; `""` where it has none. */
  readonly socket: string;
}

/** A holder, and when it last touched its lock, in ms of that file system's clock. */
export type SeenHolder = LockHolder & { readonly touchedAt: number };

/** What we would write of ourselves into a lock. */
export async function describeSelf(): Promise<Omit<LockHolder, "socket">> {
  return { pid: process.pid, host: hostname(), bootId: await readBootId(), token: randomUUID() };
}

/** Reads a lock file; `undefined` where there is none. One that is not ours, or was lost in a power cut, has no token. */
export async function readHolder(path: string): Promise<SeenHolder | undefined> {
  try {
    // Opened anew for every look: a network file system tells the times of an open file from its memory.
    const file = await disk.open(path, "r");
    try {
      const { mtimeMs } = await file.stat();
      return { ...parseHolder(await file.readFile("utf8")), touchedAt: mtimeMs };
    } finally {
      await file.close();
    }
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * Whether the holder lives. On this kernel its socket tells, also across containers, where process ids mean nothing; a
 * machine that was started again since holds nothing.
 * @returns `unknown` where only its silence can tell: it is on another machine, or nothing could be read of it
 */
export async function judgeHolder(path: string, holder: LockHolder): Promise<"alive" | "dead" | "unknown"> {
  const self = { host: hostname(), bootId: await readBootId() };
  const isSameHost = holder.host === self.host;
  if (holder.bootId !== self.bootId) return isSameHost ? "dead" : "unknown";
  if (self.bootId === "" && !isSameHost) return "unknown";
  const listener = holder.socket === "" ? "unknown" : await whoListens(join(dirname(path), holder.socket));
  if (listener !== "unknown" || !isSameHost) return listener;
  // Whatever runs under that number may be another program, or we ourselves, in a container that was started again.
  return isRunning(holder.pid) ? "unknown" : "dead";
}

const NOBODY: LockHolder = { pid: 0, host: "", bootId: "", token: "", socket: "" };

function parseHolder(text: string): LockHolder {
  try {
    const { pid, host, bootId, token, socket } = JSON.parse(text);
    const isWhole = Number.isInteger(pid) && [host, bootId, token, socket].every((part) => typeof part === "string");
    return isWhole ? { pid, host, bootId, token, socket } : NOBODY;
  } catch {
    return NOBODY;
  }
}

/** https://docs.kernel.org/admin-guide/sysctl/kernel.html#random */
export async function readBootId(): Promise<string> {
  try {
    const file = await disk.open("/proc/sys/kernel/random/boot_id", "r");
    try {
      return (await file.readFile("utf8")).trim();
    } finally {
      await file.close();
    }
  } catch {
    return "";
  }
}

/** kill(2): signal 0 only asks; EPERM means that it runs as somebody else. */
function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}
