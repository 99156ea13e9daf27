import { dirname, join } from "node:path";
import { disk, type FileHandle } from "../disk/disk.ts";
import { syncFolder } from "../disk/sync-folder.ts";
import { writeAll } from "../disk/write-all.ts";
import { listSegments } from "../segments/list-segments.ts";
import { ignoreMissing, pointLiveLink, readLiveLink } from "../segments/live-link.ts";
import { segmentName } from "../segments/segment.ts";
import { recoverTail } from "./recover.ts";

export interface LiveFileOptions {
  /** The symlink that always names the file being written; its folder is the data folder. */
  readonly linkPath: string;
  /** Size at which the file rolls over to the next shard. */
  readonly maxBytes: number;
  /** `fsync`: an append is on the disk before it resolves. `os`: it is with the operating system. */
  readonly durability: "fsync" | "os";
}

/** The one file that is written. An append is whole or not at all. */
export interface LiveFile {
  /** Bare name, once open. */
  readonly name: string | undefined;
  /** Bytes that still fit before it rolls over; 0 while nothing is open. */
  readonly room: number;
  /** Opens the day's newest shard, or a new one, and returns the last lines written before (oldest first). */
  open(day: string): Promise<{ readonly lines: readonly string[]; readonly tornBytes: number }>;
  /** Appends whole lines, rolling over first where the day has changed or they do not fit. Resolves to the file's name. */
  append(day: string, bytes: Buffer): Promise<string>;
  close(): Promise<void>;
}

interface OpenFile {
  readonly handle: FileHandle;
  readonly name: string;
  readonly day: string;
  size: number;
}

export function createLiveFile({ linkPath, maxBytes, durability }: LiveFileOptions): LiveFile {
  const dataDir = dirname(linkPath);
  let live: OpenFile | undefined;

  return {
    get name() {
      return live?.name;
    },

    get room() {
      return live ? maxBytes - live.size : 0;
    },

    async open(day) {
      await disk.mkdir(dataDir, { recursive: true, mode: 0o750 });
      const tails = await recoverTails();
      await resumeOrRoll(day);
      return tails;
    },

    async append(day, bytes) {
      const file = await fileFor(day, bytes.length);
      try {
        await writeAll(file.handle, bytes);
      } catch (error) {
        await cutBack(file);
        throw error;
      }
      try {
        if (durability === "fsync") await file.handle.datasync();
      } catch (error) {
        await cutBack(file);
        // After a failed fsync the kernel may have dropped the dirty pages and forgotten the error, so this file is not
        // written again: https://wiki.postgresql.org/wiki/Fsync_Errors
        await abandon(file);
        throw error;
      }
      file.size += bytes.length;
      return file.name;
    },

    async close() {
      if (live) await closeFile(live);
      live = undefined;
    },
  };

  async function fileFor(day: string, bytes: number): Promise<OpenFile> {
    // Whatever is written to a file that somebody has deleted is gone when it is closed.
    if (live && (await live.handle.stat()).nlink === 0) await abandon(live);
    if (!live) return roll(day);
    // A clock that jumps back stays in the newest day: a closed day is never written again.
    const isNewDay = day > live.day;
    const isFull = live.size > 0 && live.size + bytes > maxBytes;
    return isNewDay || isFull ? roll(isNewDay ? day : live.day) : live;
  }

  /** Continues the day's newest shard where that is still plain and has room. */
  async function resumeOrRoll(day: string): Promise<void> {
    const shards = (await listSegments(dataDir)).filter((segment) => segment.day === day && segment.kind !== "torn");
    const newest = shards.at(-1);
    const isClosed = shards.some(({ kind, shard }) => kind === "gz" && shard === newest?.shard);
    if (!newest || isClosed) {
      await roll(day);
      return;
    }
    const handle = await disk.open(join(dataDir, newest.name), "a", 0o640);
    const { size } = await handle.stat();
    live = { handle, name: newest.name, day, size };
    await pointLiveLink(linkPath, newest.name);
  }

  /** Opens the next shard under a name that was never used, then moves the link, then closes the last one. */
  async function roll(day: string): Promise<OpenFile> {
    const used = (await listSegments(dataDir)).filter((segment) => segment.day === day);
    const shard = used.reduce((next, segment) => Math.max(next, segment.shard + 1), 0);
    const name = segmentName(day, shard);
    const handle = await disk.open(join(dataDir, name), "ax", 0o640);
    try {
      await syncFolder(dataDir);
      await pointLiveLink(linkPath, name);
    } catch (error) {
      await handle.close();
      await disk.unlink(join(dataDir, name)).catch(() => {});
      throw error;
    }
    const previous = live;
    live = { handle, name, day, size: 0 };
    if (previous) await closeFile(previous);
    return live;
  }

  /**
   * Looks at the file the link names and at the newest one, because a crash can only have torn these, and at the one
   * before, because right after a roll the newest has hardly a line to remember.
   */
  async function recoverTails(): Promise<{ lines: string[]; tornBytes: number }> {
    const segments = await listSegments(dataDir);
    const plain = segments.filter(({ kind }) => kind === "plain").map(({ name }) => name);
    const linked = await readLiveLink(linkPath);
    const names = plain.filter((name, index) => name === linked || index >= plain.length - 2);
    const lines: string[] = [];
    let tornBytes = 0;
    for (const name of names) {
      const tail = await recoverTail(dataDir, name).catch(ignoreMissing);
      // A rotator beside us may just have compressed it: then it is closed, and whole.
      if (!tail) continue;
      for (const line of tail.lines) lines.push(line);
      tornBytes += tail.tornBytes;
    }
    return { lines, tornBytes };
  }

  async function cutBack(file: OpenFile): Promise<void> {
    try {
      await file.handle.truncate(file.size);
    } catch {
      await abandon(file);
    }
  }

  async function abandon(file: OpenFile): Promise<void> {
    live = undefined;
    await file.handle.close().catch(() => {});
  }

  async function closeFile({ handle }: OpenFile): Promise<void> {
    try {
      if (durability === "os") await handle.datasync();
    } finally {
      await handle.close();
    }
  }
}
