import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { codeOf } from "../disk/data-folder-error.ts";
import { type FolderLock, takeFolderLock } from "../disk/folder-lock.ts";
import { makeFolder } from "../disk/make-folder.ts";
import { probeFolder } from "../disk/probe-folder.ts";
import { checkLink, keepPlainFile, readLiveLink } from "../segments/live-link.ts";
import { parseSegment, utcDay } from "../segments/segment.ts";
import { fileDay } from "./file-day.ts";
import { folderErrorOf } from "./folder-error.ts";
import { createJoinLines } from "./join-lines.ts";
import { createLiveFile } from "./live-file.ts";
import { type RecallOptions, recall } from "./recall.ts";
import { recoverTails } from "./recover.ts";
import { type Sink, SinkError, type SinkErrorReason, sinkErrorReason } from "./sink.ts";

/** As long as a client is asked to wait before it tries again. */
const RECHECK_INTERVAL_MS = 5000;

const DAY_MS = 86_400_000;

/**
 * While requests come in numbers, a group is waited for this long, as PostgreSQL's commit_delay does: larger groups cost the
 * disk and the processor less, and so nobody waits longer than without. Who comes alone does not wait.
 * https://www.postgresql.org/docs/current/runtime-config-wal.html#GUC-COMMIT-DELAY
 */
const GATHER_MS = 2;

/** What one group holds at most, so that a long queue does not lie in memory twice. */
const MAX_GROUP_BYTES = 1_048_576;

const NO_LINES = Buffer.alloc(0);

export interface JournalOptions {
  /** The symlink that names the file being written; its folder is the data folder. */
  readonly linkPath: string;
  /** Size at which the file rolls over, in bytes. */
  readonly maxBytes: number;
  /** `fsync`: appended lines are on the disk before `append` resolves. `os`: they are with the operating system. */
  readonly durability: "fsync" | "os";
  /** Events that may wait for the disk; beyond it `append` rejects with `queue_full`. */
  readonly queueCapacity: number;
  /** What is told at the start of what was stored before (default nothing). */
  readonly recall?: RecallOptions;
  /** Clock, in ms since 1970. */
  readonly now?: () => number;
  /** One group went to the disk. */
  readonly onCommit?: (group: { readonly seconds: number; readonly bytes: number; readonly events: number }) => void;
  readonly onError?: (reason: SinkErrorReason, code: string) => void;
  /** After a failure, the disk takes events again. */
  readonly onRecovered?: () => void;
  /** How often a disk that failed is tried while no event comes, in ms (default 5,000). */
  readonly recheckIntervalMs?: number;
}

/** What a start found. */
export interface Recovered {
  /** Bytes of a torn last line that were set aside. */
  readonly tornBytes: number;
  /** Where a plain file stood in the link's place: what it is called now. */
  readonly kept: string | undefined;
}

/** The durable log: lines in, one group on the disk at a time. One journal writes a data folder, whoever else tries. */
export interface Journal extends Sink {
  /** Must resolve before the first append. Rejects with `DataFolderError` where the folder cannot be used, or is in use. */
  open(): Promise<Recovered>;
  /**
   * Resolves once everything appended so far is in closed files and a new one is open. A file without a line stays open.
   * Rejects with `SinkError`.
   */
  roll(): Promise<void>;
  /** Stores what waits and closes the file. Later appends are rejected. */
  close(): Promise<void>;
  /** Events waiting for the disk. */
  readonly depth: number;
  /**
   * Why the last group failed; `undefined` again after the first that did not, or once the disk takes a probe: whoever
   * sends us events only while we are ready would otherwise never send one again.
   */
  readonly failure: SinkErrorReason | undefined;
}

interface Waiting {
  readonly day: string;
  /** `undefined` where not lines wait, but a roll-over. */
  readonly lines: Buffer | undefined;
  readonly events: number;
  readonly resolve: (file: string) => void;
  readonly reject: (error: SinkError) => void;
}

/**
 * Group commit: while one write and its `fdatasync` are under way, everything that arrives gathers into the next group,
 * so that many waiting requests share one trip to the disk.
 */
export function createJournal(options: JournalOptions): Journal {
  const { linkPath, maxBytes, queueCapacity, now = Date.now, onCommit, onError, onRecovered } = options;
  const { recheckIntervalMs = RECHECK_INTERVAL_MS } = options;
  const dataDir = dirname(linkPath);
  // Where the folder was replaced by another, a collector may already be at work there.
  const live = createLiveFile({ ...options, beforeRoll: async () => lock?.keep() });
  let lock: FolderLock | undefined;
  const waiting: Waiting[] = [];
  const joinLines = createJoinLines(MAX_GROUP_BYTES);
  let depth = 0;
  let failure: SinkErrorReason | undefined;
  let isOpen = false;
  let lastDay = "";
  let lastDayNumber = Number.NaN;
  let committing: Promise<void> | undefined;
  let recheck: NodeJS.Timeout | undefined;
  let probing: Promise<void> | undefined;

  return {
    get file() {
      return live.name;
    },
    get depth() {
      return depth;
    },
    get failure() {
      return failure;
    },

    async open() {
      try {
        await checkLink(linkPath);
        await makeFolder(dataDir);
        lock = await takeFolderLock(join(dataDir, ".tallymark", "writer.lock"));
        const recovered = await openFolder();
        isOpen = true;
        return recovered;
      } catch (error) {
        await lock?.release();
        throw folderErrorOf(error, dataDir);
      }
    },

    append(lines, events, receivedAt) {
      // A batch that is larger than the queue could never be stored: alone it may pass.
      if (isOpen && depth > 0 && depth + events > queueCapacity) {
        onError?.("queue_full", "queue_full");
        return Promise.reject(new SinkError("queue_full"));
      }
      return enqueue(lines, events, receivedAt);
    },

    async roll() {
      await enqueue(undefined, 0);
    },

    async close() {
      isOpen = false;
      await committing;
      clearInterval(recheck);
      // It may take the lock again.
      await probing;
      await live.close().finally(() => lock?.release());
    },
  };

  async function openFolder(): Promise<Recovered> {
    const kept = await keepPlainFile(linkPath);
    const tornBytes = await recoverTails(dataDir, linkPath);
    if (options.recall) await recall(dataDir, options.recall);
    const linked = await readLiveLink(linkPath);
    lastDay = (linked === undefined ? undefined : parseSegment(linked)?.day) ?? "";
    await live.open(dayAt(now()));
    return { tornBytes, kept };
  }

  /** Asked for every append, and the text of a date costs as much as all the rest of it. */
  function dayAt(ms: number): string {
    const dayNumber = Math.floor(ms / DAY_MS);
    if (dayNumber !== lastDayNumber) lastDay = fileDay(lastDay, utcDay(ms));
    lastDayNumber = dayNumber;
    return lastDay;
  }

  function enqueue(lines: Buffer | undefined, events: number, receivedAt = now()): Promise<string> {
    if (!isOpen) return Promise.reject(new SinkError("shutting_down"));
    return new Promise((resolve, reject) => {
      depth += events;
      waiting.push({ day: dayAt(receivedAt), lines, events, resolve, reject });
      committing ??= commitAll();
    });
  }

  async function commitAll(): Promise<void> {
    // Requests that were read in the same turn of the event loop join the first group.
    await new Promise(setImmediate);
    while (waiting.length > 0) {
      const group = takeGroup();
      await commit(group);
      if (group.length > 1) await sleep(GATHER_MS);
    }
    committing = undefined;
  }

  /** The next appends that belong in one file: of one day, and no more than fit before it rolls over. Or one roll-over. */
  function takeGroup(): Waiting[] {
    const [first] = waiting;
    const room = Math.min(live.room > 0 ? live.room : maxBytes, MAX_GROUP_BYTES);
    let bytes = 0;
    const end = waiting.findIndex((next, index) => {
      bytes += next.lines?.length ?? 0;
      const isOther = next.day !== first?.day || next.lines === undefined || first.lines === undefined;
      return index > 0 && (isOther || bytes > room);
    });
    return waiting.splice(0, end === -1 ? waiting.length : end);
  }

  async function commit(group: readonly Waiting[]): Promise<void> {
    const events = group.reduce((sum, { events }) => sum + events, 0);
    try {
      const file = await store(group, events);
      for (const { resolve } of group) resolve(file);
    } catch (error) {
      const code = codeOf(error);
      const reason = sinkErrorReason(code);
      failed(reason);
      onError?.(reason, code);
      for (const { reject } of group) reject(new SinkError(reason, error));
    } finally {
      depth -= events;
    }
  }

  async function store(group: readonly Waiting[], events: number): Promise<string> {
    const day = group[0]?.day ?? dayAt(now());
    if (group[0]?.lines === undefined) return live.roll(day);
    const bytes = joinLines(group.map(({ lines }) => lines ?? NO_LINES));
    const startedAt = performance.now();
    const file = await live.append(day, bytes);
    recovered();
    onCommit?.({ seconds: (performance.now() - startedAt) / 1000, bytes: bytes.length, events });
    return file;
  }

  function failed(reason: SinkErrorReason): void {
    failure = reason;
    recheck ??= setInterval(() => {
      probing ??= probe();
    }, recheckIntervalMs).unref();
  }

  async function probe(): Promise<void> {
    try {
      await lock?.keep();
      await probeFolder(dataDir);
      recovered();
    } catch {
      // Next time, perhaps.
    }
    probing = undefined;
  }

  function recovered(): void {
    if (failure === undefined) return;
    failure = undefined;
    clearInterval(recheck);
    recheck = undefined;
    onRecovered?.();
  }
}
