import { basename, dirname } from "node:path";
import { setImmediate } from "node:timers/promises";
import { codeOf, DataFolderError, reasonOf } from "./disk/data-folder-error.ts";
import { createEraser, type Eraser } from "./erase/eraser.ts";
import { exportVisitor } from "./erase/export-visitor.ts";
import type { VisitorRoutesOptions } from "./http/routes/visitors.ts";
import { type Recent, weightedEvent } from "./ingest/recent.ts";
import { describeError, type Logger } from "./observe/logger.ts";
import type { Journal } from "./store/journal.ts";
import type { Ring } from "./store/ring.ts";
import { SinkError, sinkErrorReason } from "./store/sink.ts";

/** Wishes that may wait for their turn; beyond it only those with the read token are taken. */
const MAX_WAITING = 1000;

export interface CollectorEraserOptions {
  readonly linkPath: string;
  /** How long a visitor who was erased is refused, in ms. */
  readonly lifetimeMs: number;
  readonly journal: Journal;
  readonly ring: Ring<Recent>;
  readonly logger: Logger;
  readonly now: () => number;
}

/** What the collector's life needs of its eraser, and what its routes do. */
export interface CollectorEraser
  extends Pick<Eraser, "open" | "resume" | "isErased" | "wishes" | "close">,
    VisitorActions {}

type VisitorActions = Pick<VisitorRoutesOptions, "erase" | "findErasure" | "exportVisitor">;

export function createCollectorEraser(options: CollectorEraserOptions): CollectorEraser {
  const { linkPath, lifetimeMs, journal, ring, logger, now } = options;
  const place = { dataDir: dirname(linkPath), linkName: basename(linkPath) };
  const eraser = createEraser({
    ...place,
    lifetimeMs,
    now,
    liveLog: {
      get file() {
        return journal.file;
      },
      async flush() {
        // Appends are stored in their order: once this one has an answer, all before have theirs.
        await journal.append(Buffer.alloc(0), 0).catch(() => {});
        // And whoever waited for that has gone on, to the ring.
        await setImmediate();
      },
      roll: () => journal.roll(),
    },
    forgetInMemory: (isTheirs) =>
      ring.remove((recent) => {
        const { visitor_id, session_id } = weightedEvent(recent).event;
        return isTheirs(visitor_id) || (session_id !== undefined && isTheirs(session_id));
      }),
    onWait: ({ pid, host }) => logger.info({ pid, host }, "an erasure waits for the process that works on the files"),
    onFailure({ name, error }) {
      const file = name !== undefined && { file: name };
      logger.error({ ...file, cause: describeError(error) }, "an erasure could not be finished and is tried again");
    },
  });

  return {
    isErased: eraser.isErased,
    get wishes() {
      return eraser.wishes;
    },
    findErasure: eraser.find,
    resume: eraser.resume,
    close: eraser.close,

    async open() {
      try {
        await eraser.open();
      } catch (error) {
        throw new DataFolderError(
          `Tallymark cannot read who asked to be forgotten in ${place.dataDir}/.tallymark: ${reasonOf(error)}. ` +
            "Make that folder and all in it readable and writable for this user.",
          { cause: error },
        );
      }
    },

    async erase(ids, isReader) {
      if (eraser.waiting >= MAX_WAITING && !isReader) throw new SinkError("queue_full");
      try {
        return await eraser.erase({ ids, redacts: isReader });
      } catch (error) {
        const code = codeOf(error);
        throw code === "unknown" ? error : new SinkError(sinkErrorReason(code), error);
      }
    },

    async *exportVisitor(id) {
      // Their events may still be on their way out of the files.
      if (eraser.isErased(id)) return;
      try {
        yield* exportVisitor({ ...place, id });
      } catch (error) {
        logger.error(
          { cause: describeError(error) },
          "an export could not be finished; `verify` says which file is wrong",
        );
        throw error;
      }
    },
  };
}
