import { dirname } from "node:path";
import { codeOf, DataFolderError, reasonOf } from "../disk/data-folder-error.ts";
import { probeFolder } from "../disk/probe-folder.ts";
import { checkLinkName, keepPlainFile } from "../segments/live-link.ts";
import { utcDay } from "../segments/segment.ts";
import { createLiveFile } from "./live-file.ts";
import { SinkError, type SinkErrorReason, sinkErrorReason } from "./sink.ts";

/** As long as a client is asked to wait before it tries again. */
const RECHECK_INTERVAL_MS = 5000;

export interface JournalOptions {
  /** The symlink that names the file being written; its folder is the data folder. */
  readonly linkPath: string;
  /** Size at which the file rolls over, in bytes. */
  readonly maxBytes: number;
  /** `fsync`: appended lines are on the disk before `append` resolves. `os`: they are with the operating system. */
  readonly durability: "fsync" | "os";
  /** Events that may wait for the disk; beyond it `append` rejects with `queue_full`. */
  readonly queueCapacity: number;
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
  /** The last lines on the disk, oldest first. */
  readonly lines: readonly string[];
  /** Bytes of a torn last line that were set aside. */
  readonly tornBytes: number;
  /** Where a plain file stood in the link's place: what it is called now. */
  readonly kept: string | undefined;
}

/** The durable log: lines in, one group on the disk at a time. */
export interface Journal {
  /** Must resolve before the first append. Rejects with `DataFolderError` where the folder cannot be used. */
  open(): Promise<Recovered>;
  /** Resolves to the bare file name once every line is stored; rejects with `SinkError` if none was. */
  append(lines: readonly string[]): Promise<string>;
  /** Stores what waits and closes the file. Later appends are rejected. */
  close(): Promise<void>;
  /** Bare name of the file being written. */
  readonly file: string | undefined;
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
  readonly bytes: Buffer;
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
  const live = createLiveFile(options);
  let waiting: Waiting[] = [];
  let depth = 0;
  let failure: SinkErrorReason | undefined;
  let isOpen = false;
  let lastDay = "";
  let committing: Promise<void> | undefined;
  let recheck: NodeJS.Timeout | undefined;

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
        checkLinkName(linkPath);
        const kept = await keepPlainFile(linkPath);
        const recovered = await live.open(today());
        isOpen = true;
        return { ...recovered, kept };
      } catch (error) {
        if (error instanceof DataFolderError) throw error;
        throw new DataFolderError(
          `Tallymark cannot write to the data folder ${dirname(linkPath)}: ${reasonOf(error)}. ` +
            "Make it writable for this user, or name another one in METRICS_JSONL.",
          { cause: error },
        );
      }
    },

    append(lines) {
      if (!isOpen) return Promise.reject(new SinkError("shutting_down"));
      // A batch that is larger than the queue could never be stored: alone it may pass.
      if (depth > 0 && depth + lines.length > queueCapacity) {
        onError?.("queue_full", "queue_full");
        return Promise.reject(new SinkError("queue_full"));
      }
      return new Promise((resolve, reject) => {
        depth += lines.length;
        const bytes = Buffer.from(`${lines.join("\n")}\n`);
        waiting.push({ day: today(), bytes, events: lines.length, resolve, reject });
        committing ??= commitAll();
      });
    },

    async close() {
      isOpen = false;
      await committing;
      clearInterval(recheck);
      await live.close();
    },
  };

  /** Never goes back: a clock that does must not reopen a closed day. */
  function today(): string {
    const day = utcDay(now());
    if (day > lastDay) lastDay = day;
    return lastDay;
  }

  async function commitAll(): Promise<void> {
    // Requests that were read in the same turn of the event loop join the first group.
    await new Promise(setImmediate);
    while (waiting.length > 0) await commit(takeGroup());
    committing = undefined;
  }

  /** The next appends that belong in one file: of one day, and no more than fit before it rolls over. */
  function takeGroup(): Waiting[] {
    const day = waiting[0]?.day;
    const room = Math.max(live.room, 0) || maxBytes;
    let bytes = 0;
    const end = waiting.findIndex((next, index) => {
      bytes += next.bytes.length;
      return index > 0 && (next.day !== day || bytes > room);
    });
    const group = waiting.slice(0, end === -1 ? waiting.length : end);
    waiting = waiting.slice(group.length);
    return group;
  }

  async function commit(group: readonly Waiting[]): Promise<void> {
    const events = group.reduce((sum, { events }) => sum + events, 0);
    const bytes = Buffer.concat(group.map(({ bytes }) => bytes));
    const startedAt = performance.now();
    try {
      const file = await live.append(group[0]?.day ?? today(), bytes);
      recovered();
      onCommit?.({ seconds: (performance.now() - startedAt) / 1000, bytes: bytes.length, events });
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

  function failed(reason: SinkErrorReason): void {
    failure = reason;
    recheck ??= setInterval(() => void probeFolder(dirname(linkPath)).then(recovered, () => {}), recheckIntervalMs);
    recheck.unref();
  }

  function recovered(): void {
    if (failure === undefined) return;
    failure = undefined;
    clearInterval(recheck);
    recheck = undefined;
    onRecovered?.();
  }
}
