import type { Logger } from "./observe/logger.ts";
import type { SinkErrorReason } from "./store/sink.ts";

/** A full disk fails many times a second, and the log may lie on that very disk. */
const REPEAT_MS = 60_000;

export interface StorageLog {
  onError(reason: SinkErrorReason, code: string): void;
  onRecovered(): void;
}

/** Says that events cannot be stored, each reason at most once a minute, and that they can again. */
export function createStorageLog(logger: Logger): StorageLog {
  const saidAt = new Map<SinkErrorReason, number>();
  let isSaid = false;

  return {
    onError(reason, code) {
      const at = performance.now();
      if (at - (saidAt.get(reason) ?? Number.NEGATIVE_INFINITY) < REPEAT_MS) return;
      saidAt.set(reason, at);
      isSaid = true;
      logger.error({ reason, code }, "events could not be stored; said at most once a minute");
    },
    onRecovered() {
      if (isSaid) logger.warn("events can be stored again");
      isSaid = false;
    },
  };
}
