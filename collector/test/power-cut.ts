import {
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type DiskCall, interceptDisk } from "./intercept-disk.ts";

/**
 * A disk that knows what a power cut would leave of it: of a file its bytes as they were at its last fsync or fdatasync, or
 * at its last write where it was opened with O_DSYNC, of a folder its names as they were at its own last fsync. That is all POSIX promises, and less than ext4 gives:
 * https://danluu.com/file-consistency/. What was not synced is lost at the cut, or each change by chance.
 * @module
 */

export interface PowerCut {
  /** From now on watches everything below this folder, which itself is safe, with all that is in it now. */
  watch(folder: string): void;
  /** The power goes: undoes what was not synced. The process must be dead already, its files closed. */
  cut(survives?: Survives): void;
  /** Takes the disk away again. */
  restore(): void;
}

/** Whether one unsynced change survives the cut. */
export type Survives = () => boolean;

/** Nothing that was not synced survives: the worst case for whoever forgot to. */
export const NOTHING_SURVIVES: Survives = () => false;

/** What a name stands for. */
type Entry =
  | { readonly type: "file"; readonly id: number }
  | { readonly type: "folder" }
  | { readonly type: "link"; readonly target: string };

/** One change of a folder's names: set, or removed where there is no entry. A rename is two that go together. */
type Change = readonly (readonly [path: string, entry: Entry | undefined])[];

interface Pending {
  readonly change: Change;
  /** Folders that must all be synced before it is safe. */
  readonly folders: Set<string>;
}

/** Patches the disk; use it before `dying-disk.ts` does, so that what a dying process did not do is not seen here. */
export function powerCutDisk(): PowerCut {
  let root = "";
  /** Which file an inode is now: the kernel gives its number to another file soon. */
  const ids = new Map<number, number>();
  let nextId = 1;
  /** What the disk holds for sure. */
  let names = new Map<string, Entry>();
  let synced = new Map<number, Buffer>();
  let pending: Pending[] = [];
  /** Handles whose every write is an fdatasync too. */
  const syncing = new WeakSet<FileHandle>();
  /** Bytes of files that have no name any more, but had one that may come back. */
  let nameless = new Map<number, Buffer>();

  const restore = interceptDisk(async (call, proceed) => {
    const isOurs = call.paths.some((path) => path === root || path.startsWith(`${root}/`));
    if (root === "" || !isOurs) return proceed();
    if (call.method === "sync" || call.method === "datasync") return sync(call, proceed);
    const before = call.method === "rename" || call.method === "unlink" ? entryOf(call.paths[0] ?? "") : undefined;
    keepBytes(call.method === "rename" ? call.paths[1] : call.method === "unlink" ? call.paths[0] : undefined);
    const missing = call.method === "open" || call.method === "mkdir" ? missingPaths(call.paths[0] ?? "") : [];
    const result = await proceed();
    if (call.method === "open" && Number(call.args[1]) & constants.O_DSYNC) syncing.add(result as FileHandle);
    if (call.method === "write" && call.handle && syncing.has(call.handle)) keepSynced(call.handle);
    const made = missing.map((path): Change => [[path, newEntryOf(path)]]);
    for (const change of [...made, changeOf(call, before)]) {
      if (change) pending.push({ change, folders: new Set(change.map(([path]) => dirname(path))) });
    }
    return result;
  });

  return {
    restore,
    watch(folder) {
      root = folder;
      readAll();
    },
    cut(survives = NOTHING_SURVIVES) {
      const left = new Map(names);
      for (const { change } of pending) {
        if (survives()) apply(change, left);
      }
      const contents = new Map([...left].map(([path, entry]) => [path, bytesAfterCut(entry, survives)]));
      for (const name of readdirSync(root)) rmSync(join(root, name), { recursive: true });
      // Sorted, a folder comes before what is in it; what lies in a lost folder is lost.
      for (const [path, entry] of [...left].sort(([a], [b]) => (a < b ? -1 : 1))) {
        if (entryOf(dirname(path)) === undefined && dirname(path) !== root) continue;
        if (entry.type === "folder") mkdirSync(path);
        else if (entry.type === "link") symlinkSync(entry.target, path);
        else writeFileSync(path, contents.get(path) ?? "");
      }
      readAll();
    },
  };

  function keepSynced({ fd }: FileHandle): void {
    const id = ids.get(fstatSync(fd).ino) ?? 0;
    const bytes = bytesOf(id);
    if (bytes) synced.set(id, bytes);
  }

  async function sync({ handle, paths: [path = ""] }: DiskCall, proceed: () => Promise<unknown>): Promise<unknown> {
    // What is being written while it syncs may come too late.
    const entry = entryOf(path);
    const id = ids.get(handle ? fstatSync(handle.fd).ino : 0) ?? 0;
    const isFile = entry?.type !== "folder";
    const bytes = isFile ? bytesOf(id) : undefined;
    const changes = [...pending];
    const result = await proceed();
    if (bytes) synced.set(id, bytes);
    if (!isFile) for (const one of changes) one.folders.delete(path);
    for (const { change, folders } of pending) if (folders.size === 0) apply(change, names);
    pending = pending.filter(({ folders }) => folders.size > 0);
    return result;
  }

  function changeOf({ method, paths: [from = "", to = ""] }: DiskCall, before: Entry | undefined) {
    switch (method) {
      case "symlink":
        return [[to, { type: "link", target: from }]] satisfies Change;
      case "link":
        return [[to, entryOf(to)]] satisfies Change;
      case "rename":
        return [
          [from, undefined],
          [to, before],
        ] satisfies Change;
      case "unlink":
        return [[from, undefined]] satisfies Change;
      default:
        return undefined;
    }
  }

  function keepBytes(path: string | undefined): void {
    const entry = path === undefined ? undefined : entryOf(path);
    if (path !== undefined && entry?.type === "file") nameless.set(entry.id, readFileSync(path));
  }

  /** Either what was synced, or what is there now, or of that a part, or as many zeros: a hole. */
  function bytesAfterCut(entry: Entry, survives: Survives): Buffer {
    if (entry.type !== "file") return Buffer.alloc(0);
    const safe = synced.get(entry.id) ?? Buffer.alloc(0);
    const now = bytesOf(entry.id) ?? safe;
    if (!survives()) return safe;
    if (survives() || now.length <= safe.length) return now;
    const half = safe.length + Math.floor((now.length - safe.length) / 2);
    return survives() ? now.subarray(0, half) : Buffer.concat([now.subarray(0, safe.length)], now.length);
  }

  function bytesOf(id: number): Buffer | undefined {
    const path = allPaths().find((path) => {
      const entry = entryOf(path);
      return entry?.type === "file" && entry.id === id;
    });
    return path === undefined ? nameless.get(id) : readFileSync(path);
  }

  /** The path and those of its folders that are not there, outermost first. */
  function missingPaths(path: string): string[] {
    if (path === root || entryOf(path) !== undefined) return [];
    return [...missingPaths(dirname(path)), path];
  }

  function newEntryOf(path: string): Entry | undefined {
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found?.isFile()) ids.set(found.ino, nextId++);
    return entryOf(path);
  }

  function allPaths(): string[] {
    return readdirSync(root, { recursive: true }).map((name) => join(root, String(name)));
  }

  function readAll(): void {
    ids.clear();
    names = new Map(allPaths().flatMap((path) => pairOf(path)));
    const files = [...names].flatMap(([path, entry]) => (entry.type === "file" ? [[path, entry.id] as const] : []));
    synced = new Map(files.map(([path, id]) => [id, readFileSync(path)]));
    pending = [];
    nameless = new Map();
  }

  function pairOf(path: string): [string, Entry][] {
    const entry = entryOf(path);
    return entry ? [[path, entry]] : [];
  }

  /** `undefined` where there is nothing, or a socket, which means nothing after a cut. */
  function entryOf(path: string): Entry | undefined {
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found?.isDirectory()) return { type: "folder" };
    if (found?.isSymbolicLink()) return { type: "link", target: readlinkSync(path) };
    if (!found?.isFile()) return undefined;
    if (!ids.has(found.ino)) ids.set(found.ino, nextId++);
    return { type: "file", id: ids.get(found.ino) ?? 0 };
  }
}

function apply(change: Change, names: Map<string, Entry>): void {
  for (const [path, entry] of change) {
    if (entry) names.set(path, entry);
    else names.delete(path);
  }
}
