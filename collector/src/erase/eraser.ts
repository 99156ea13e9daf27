import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ErasureAnswer } from "@tallymark/sdk/protocol";
import { disk } from "../disk/disk.ts";
import { FolderLockedError } from "../disk/folder-lock.ts";
import { ignoreMissing } from "../disk/ignore-missing.ts";
import { takeMaintenanceLock } from "../disk/maintenance-lock.ts";
import { readBlocks } from "../segments/read-blocks.ts";
import { mentionsAny, type Wish } from "./edit-lines.ts";
import { eraseFiles, type FailedFile } from "./erase-files.ts";
import { createErasureRecords, type Erasure } from "./erasure-records.ts";
import { createTombstones } from "./tombstones.ts";

/** Wishes that share one pass over the files: each id costs a search through all of them. */
const MAX_TOGETHER = 16;

/**
 * About 150 bytes of memory each. Whoever sends wishes for nobody may fill this: from then on those without a token are
 * fulfilled all the same, but what comes of the visitor later is not refused.
 */
const MAX_TOMBSTONES = 200_000;

/** After a failure, such as a full disk or a damaged file. */
const RETRY_MS = 60_000;

/** How often a pass that waits for the rotator looks whether it should stop. */
const LOCK_WAIT_MS = 1000;

/** Who writes the live file, as far as erasing needs it. */
export interface LiveLog {
  /** Bare name. */
  readonly file: string | undefined;
  /** Resolves when everything appended so far is on the disk or was refused. */
  flush(): Promise<unknown>;
  /** The same, and the live file is closed and another one open. */
  roll(): Promise<unknown>;
}

export interface EraserOptions {
  /** The symlink that names the live file; its folder is the data folder. */
  readonly dataDir: string;
  readonly linkName: string;
  /** How long a visitor who was erased is refused, in ms: as long as an event of theirs could still be taken. */
  readonly lifetimeMs: number;
  readonly now?: () => number;
  /** `undefined` where nobody writes: whoever erases holds the writer's lock then. */
  readonly liveLog?: LiveLog;
  /** Removes from memory whatever belongs to a visitor; returns how many events that were. */
  readonly forgetInMemory?: (isTheirs: (id: string) => boolean) => number;
  readonly onFile?: (progress: { readonly name: string; readonly index: number; readonly of: number }) => void;
  /** Another process works on the files; said once a pass. */
  readonly onWait?: (holder: FolderLockedError) => void;
  /** A file that could not be rewritten, or a pass that could not begin (`name` is undefined). It is tried again. */
  readonly onFailure?: (failure: { readonly name?: string; readonly error: unknown }) => void;
}

/** An erasure under way. */
export interface StartedErasure {
  readonly answer: ErasureAnswer;
  /** The same after the first try: `running` where that failed. Never rejects. */
  readonly tried: Promise<ErasureAnswer>;
}

export interface Eraser {
  /** Reads tombstones and unfinished erasures; the writer's lock must be held. */
  open(): Promise<void>;
  /** Goes on with what the last process has left unfinished. */
  resume(): void;
  /** From when this resolves on the wish survives a crash, the visitor's events are refused, and memory holds none. */
  erase(wish: Wish): Promise<StartedErasure>;
  /** Whether events of this visitor or visit are refused. */
  isErased(id: string): boolean;
  /** Changes whenever `isErased` begins to say yes of somebody. */
  readonly wishes: number;
  find(receipt: string): Promise<ErasureAnswer | undefined>;
  /** Erasures that are not finished. */
  readonly waiting: number;
  /** Stops between two blocks of a file; the next start goes on. */
  close(): Promise<void>;
}

interface Waiting {
  readonly erasure: Erasure;
  readonly settle: (answer: ErasureAnswer) => void;
}

/**
 * Erases visitors: first the wish is made durable, then their events are refused, then memory is cleared, then the live
 * file is closed if they are in it, then every closed file is rewritten without them, and last the wish is replaced by a
 * receipt. Killed anywhere, the next start goes on from the wish.
 */
export function createEraser(options: EraserOptions): Eraser {
  const { dataDir, linkName, lifetimeMs, now = Date.now } = options;
  const { liveLog, forgetInMemory = () => 0, onFile, onWait, onFailure } = options;
  const folder = join(dataDir, ".tallymark");
  const tombstones = createTombstones({ folder, lifetimeMs, now });
  const records = createErasureRecords(join(folder, "erasures"), now);
  const stopping = new AbortController();
  const { signal } = stopping;
  let waiting: Waiting[] = [];
  let accepting: Promise<unknown> = Promise.resolve();
  let working: Promise<void> | undefined;
  /** Ends the wait after a failure: somebody else asks now. */
  let wake = new AbortController();

  return {
    get waiting() {
      return waiting.length;
    },

    async open() {
      await disk.mkdir(folder, { recursive: true, mode: 0o750 });
      await tombstones.open();
      for (const erasure of await records.open()) {
        // The crash may have come between the two.
        if (!erasure.ids.every((id) => tombstones.has(id))) await tombstones.add(erasure.ids);
        waiting.push({ erasure, settle() {} });
      }
      if (tombstones.size > 0) forgetInMemory(tombstones.has);
    },

    resume() {
      if (waiting.length > 0) working ??= workOff();
    },

    erase(wish) {
      // One after the other: they write to the same files.
      const accepted = accepting.then(() => accept(wish));
      accepting = accepted.catch(() => {});
      return accepted;
    },

    isErased: tombstones.has,

    get wishes() {
      return tombstones.additions;
    },

    async find(receipt) {
      const running = waiting.find(({ erasure }) => erasure.receipt === receipt);
      return running ? answerOf(running.erasure) : records.find(receipt);
    },

    async close() {
      stopping.abort();
      await accepting;
      await working;
    },
  };

  async function accept(wish: Wish): Promise<StartedErasure> {
    const erasure = await records.create(wish);
    if (wish.redacts || tombstones.size < MAX_TOMBSTONES) await tombstones.add(wish.ids);
    forget(erasure);
    const tried = new Promise<ErasureAnswer>((settle) => waiting.push({ erasure, settle }));
    wake.abort();
    if (!signal.aborted) working ??= workOff();
    return { answer: answerOf(erasure), tried };
  }

  function forget(erasure: Erasure): void {
    const removed = forgetInMemory((id) => erasure.ids.includes(id));
    erasure.erased = { ...erasure.erased, ring: erasure.erased.ring + removed };
  }

  /** One pass at a time, for all who wait; then a rest as long as the pass, so that wishes never take the whole machine. */
  async function workOff(): Promise<void> {
    while (waiting.length > 0 && !signal.aborted) {
      wake = new AbortController();
      const startedAt = performance.now();
      const together = waiting.slice(0, MAX_TOGETHER);
      const isDone = await tryPass(together.map(({ erasure }) => erasure));
      if (isDone) waiting = waiting.filter((one) => !together.includes(one));
      for (const { erasure, settle } of together) settle({ ...answerOf(erasure), status: isDone ? "done" : "running" });
      await rest(performance.now() - startedAt, signal);
      if (!isDone) await rest(RETRY_MS, AbortSignal.any([signal, wake.signal]));
    }
    working = undefined;
  }

  async function rest(ms: number, until: AbortSignal): Promise<void> {
    await sleep(ms, undefined, { signal: until, ref: false }).catch(() => {});
  }

  async function tryPass(erasures: readonly Erasure[]): Promise<boolean> {
    try {
      const failed = await pass(erasures);
      for (const failure of failed) onFailure?.(failure);
      if (failed.length > 0) return false;
      for (const erasure of erasures) await records.finish(erasure);
      return true;
    } catch (error) {
      if (!signal.aborted) onFailure?.({ error });
      return false;
    }
  }

  async function pass(erasures: readonly Erasure[]): Promise<FailedFile[]> {
    // Events that were on their way when the tombstones were set arrive now at the latest.
    await liveLog?.flush();
    for (const erasure of erasures) forget(erasure);
    const lock = await waitForLock();
    try {
      await closeLiveFile(erasures);
      // Whatever holds visitors on the disk beside the data files is rewritten here, too.
      return await eraseFiles(erasures, {
        dataDir,
        live: liveLog?.file,
        old: `${linkName}.old`,
        signal,
        onFile,
        onChanged: async (changed) => {
          for (const erasure of changed) await records.save(erasure);
        },
      });
    } finally {
      await lock.release();
    }
  }

  /** So that it can be rewritten like the others; a file without the visitors is not disturbed. */
  async function closeLiveFile(wishes: readonly Wish[]): Promise<void> {
    const live = liveLog?.file;
    if (live === undefined) return;
    const found = await disk.stat(join(dataDir, live)).catch(ignoreMissing);
    for await (const { lines } of found ? readBlocks(join(dataDir, live), found.size) : []) {
      signal.throwIfAborted();
      if (mentionsAny(lines, wishes)) {
        await liveLog?.roll();
        return;
      }
    }
  }

  async function waitForLock() {
    for (let isSaid = false; ; ) {
      signal.throwIfAborted();
      try {
        return await takeMaintenanceLock(dataDir, { waitMs: LOCK_WAIT_MS });
      } catch (error) {
        if (!(error instanceof FolderLockedError)) throw error;
        if (!isSaid) onWait?.(error);
        isSaid = true;
      }
    }
  }
}

function answerOf({ receipt, erased }: Erasure): ErasureAnswer {
  return { ok: true, receipt, status: "running", erased };
}
