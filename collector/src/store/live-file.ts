import { dirname, join } from "node:path";
import { appendFlags } from "../disk/append-flags.ts";
import { codeOf } from "../disk/data-folder-error.ts";
import { disk, type FileHandle } from "../disk/disk.ts";
import { syncFolder } from "../disk/sync-folder.ts";
import { writeAll } from "../disk/write-all.ts";
import { listSegments } from "../segments/list-segments.ts";
import { pointLiveLink, readLiveLink } from "../segments/live-link.ts";
import { type Segment, segmentName } from "../segments/segment.ts";
import { sinkErrorReason } from "./sink.ts";

export interface LiveFileOptions {
  /** The symlink that always names the file being written; its folder is the data folder. */
  readonly linkPath: string;
  /** Size at which the file rolls over to the next shard. */
  readonly maxBytes: number;
  /** `fsync`: an append is on the disk before it resolves. `os`: it is with the operating system. */
  readonly durability: "fsync" | "os";
  /** Runs before every new file; where it throws there is none. */
  readonly beforeRoll?: () => Promise<void>;
}

/** The one file that is written. An append is whole or not at all. */
export interface LiveFile {
  /** Bare name, once open. */
  readonly name: string | undefined;
  /** Bytes that still fit before it rolls over; 0 while nothing is open. */
  readonly room: number;
  /** Continues the day's newest shard where that is what the link names, and else opens the next. */
  open(day: string): Promise<void>;
  /**
   * Appends whole lines, rolling over first where the day has changed or they do not fit. Resolves to the file's name: when
   * the lines had been written, the file still stood under that name. Whoever deletes it then, deletes stored events.
   */
  append(day: string, bytes: Buffer): Promise<string>;
  /** Closes the file and opens the next, unless it is still empty. Resolves to the open file's name. */
  roll(day: string): Promise<string>;
  close(): Promise<void>;
}

interface OpenFile {
  readonly handle: FileHandle;
  readonly name: string;
  readonly day: string;
  /** What tells it from another file of its name. */
  readonly identity: { readonly dev: number; readonly ino: number };
  size: number;
}

export function createLiveFile(options: LiveFileOptions): LiveFile {
  const { linkPath, maxBytes, durability, beforeRoll } = options;
  const dataDir = dirname(linkPath);
  const isSynced = durability === "fsync";
  let live: OpenFile | undefined;
  /** Highest shard that was written here, by day: somebody may have deleted or renamed the file since. */
  const highestShards = new Map<string, number>();

  return {
    get name() {
      return live?.name;
    },

    get room() {
      return live ? maxBytes - live.size : 0;
    },

    async open(day) {
      const shards = (await listSegments(dataDir)).filter((segment) => segment.day === day && segment.kind !== "torn");
      const newest = shards.at(-1);
      // Any other than the one written last was closed, and may have been compressed or copied since.
      const isLast = newest?.kind === "plain" && newest.name === (await readLiveLink(linkPath));
      if (isLast) await resume(newest);
      else await rollTo(day);
    },

    async append(day, bytes) {
      for (let tries = 0; tries < 2; tries += 1) {
        const file = await write(day, bytes);
        if (file) return file.name;
      }
      throw Object.assign(new Error("the data file was deleted as often as it was made"), { code: "ENOENT" });
    },

    async roll(day) {
      const file = live && live.size === 0 ? live : await rollTo(day);
      return file.name;
    },

    async close() {
      if (live) await closeFile(live);
      live = undefined;
    },
  };

  /** @returns `undefined` where somebody has deleted, renamed or replaced the file meanwhile: then nothing is stored there */
  async function write(day: string, bytes: Buffer): Promise<OpenFile | undefined> {
    const file = await fileFor(day, bytes.length);
    try {
      await writeAll(file.handle, bytes);
      if (hasItsName(file)) {
        file.size += bytes.length;
        return file;
      }
    } catch (error) {
      // A full disk is as good as before when it has room again. After any other failure the kernel may have dropped the
      // dirty pages and forgotten the error: https://wiki.postgresql.org/wiki/Fsync_Errors
      if (sinkErrorReason(codeOf(error)) === "disk_full") await cutBack(file);
      else await giveUp(file);
      throw error;
    }
    await giveUp(file);
    return undefined;
  }

  /** Takes back what was not acknowledged, and does not write this file again. */
  async function giveUp(file: OpenFile): Promise<void> {
    await cutBack(file);
    await abandon(file);
  }

  /** Not waited for: the name was used a moment ago and is in the kernel's memory, and the way to a thread costs more. */
  function hasItsName({ name, identity }: OpenFile): boolean {
    const found = disk.statSync(join(dataDir, name), { throwIfNoEntry: false });
    return found?.ino === identity.ino && found.dev === identity.dev;
  }

  async function fileFor(day: string, bytes: number): Promise<OpenFile> {
    const isFull = live !== undefined && live.size > 0 && live.size + bytes > maxBytes;
    return !live || isFull || live.day !== day ? rollTo(day) : live;
  }

  async function resume({ name, day, shard }: Segment): Promise<void> {
    const handle = await disk.open(join(dataDir, name), appendFlags({ isSynced }), 0o640);
    try {
      const { size, dev, ino } = await handle.stat();
      await pointLiveLink(linkPath, name);
      live = { handle, name, day, identity: { dev, ino }, size };
      highestShards.set(day, shard);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** Opens the next shard under a name that was never used, then moves the link, then closes the last one. */
  async function rollTo(day: string): Promise<OpenFile> {
    await beforeRoll?.();
    const shard = await nextShard(day);
    const name = segmentName(day, shard);
    const handle = await disk.open(join(dataDir, name), appendFlags({ isSynced, isNew: true }), 0o640);
    const previous = live;
    try {
      const { dev, ino } = await handle.stat();
      await syncFolder(dataDir);
      await pointLiveLink(linkPath, name);
      live = { handle, name, day, identity: { dev, ino }, size: 0 };
      highestShards.set(day, shard);
    } catch (error) {
      await handle.close();
      await disk.unlink(join(dataDir, name)).catch(() => {});
      // The link may have moved before this failed.
      if (previous) await pointLiveLink(linkPath, previous.name).catch(() => {});
      throw error;
    }
    if (previous) await closeFile(previous);
    return live;
  }

  async function nextShard(day: string): Promise<number> {
    const present = (await listSegments(dataDir)).filter((segment) => segment.day === day);
    return present.reduce((highest, { shard }) => Math.max(highest, shard), highestShards.get(day) ?? -1) + 1;
  }

  async function cutBack(file: OpenFile): Promise<void> {
    try {
      await file.handle.truncate(file.size);
    } catch {
      await abandon(file);
    }
  }

  async function abandon(file: OpenFile): Promise<void> {
    if (live !== file) return;
    live = undefined;
    await file.handle.close().catch(() => {});
    // Nothing in it was ever acknowledged, and a disk that fails every time would leave an empty file for every try.
    if (file.size > 0) return;
    try {
      if (hasItsName(file)) await disk.unlink(join(dataDir, file.name));
    } catch {
      // It stays, and is empty.
    }
  }

  async function closeFile({ handle }: OpenFile): Promise<void> {
    try {
      if (!isSynced) await handle.datasync();
    } finally {
      await handle.close();
    }
  }
}
