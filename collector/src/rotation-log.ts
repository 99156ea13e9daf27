import type { FolderLockedError } from "./disk/folder-lock.ts";
import { describeError, type Logger } from "./observe/logger.ts";
import type { RotationRun } from "./rotate/rotation-timer.ts";

export interface RotationLog {
  onRun(run: RotationRun): void;
  onSkipped(holder: FolderLockedError): void;
}

/** Says what runs of the rotator did. What stays the same from run to run is said once. */
export function createRotationLog(logger: Logger): RotationLog {
  let skippedFor: string | undefined;
  let leapDays = 0;

  return {
    onRun(run) {
      skippedFor = undefined;
      if (run.error !== undefined)
        logger.error({ cause: describeError(run.error) }, "the data folder could not be rotated");
      if (run.leapDays !== leapDays) sayLeap(run.leapDays);
      for (const { type, name, reason, removed, error } of run.actions) {
        const done = { action: type, file: name, reason, ...(removed !== undefined && { events: removed }) };
        if (error === undefined) logger.info(done, "rotated");
        else logger.error({ action: type, file: name, cause: describeError(error) }, "rotation failed");
      }
    },
    onSkipped({ pid, host }) {
      const holder = `${pid} on ${host}`;
      if (skippedFor === holder) return;
      skippedFor = holder;
      logger.info({ holder }, `another process (${holder}) is working on the data folder; the next run tries again`);
    },
  };

  function sayLeap(days: number): void {
    leapDays = days;
    if (days === 0) logger.info("the clock is right again; files are rotated by it");
    else
      logger.error(
        { days },
        "the clock was set forward; until it is set back, or the machine starts again, files are rotated by the time since the machine started",
      );
  }
}
