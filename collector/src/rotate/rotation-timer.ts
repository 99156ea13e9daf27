import { FolderLockedError } from "../disk/folder-lock.ts";
import type { AppliedAction } from "./apply.ts";
import { type RotateOptions, rotateOnce } from "./rotate-once.ts";

export interface RotationRun {
  readonly actions: readonly AppliedAction[];
  /** Above 0 where the clock was set forward by so many days, which are not believed. */
  readonly leapDays: number;
  /** Where it could not even look. */
  readonly error?: unknown;
}

export interface RotationTimerOptions extends RotateOptions {
  /** Time between the end of a run and the next, in ms. */
  readonly intervalMs: number;
  readonly now?: () => number;
  /** After every run, with what it did. */
  readonly onRun: (run: RotationRun) => void;
  /** In place of `onRun`, where another process works on the folder: the run is left out. */
  readonly onSkipped: (holder: FolderLockedError) => void;
}

/**
 * Rotates now and again after every interval, one run at a time. Returns the stop: a run under way gives up the file it
 * is at, which stays as it was.
 */
export function startRotationTimer(options: RotationTimerOptions): () => Promise<void> {
  const { intervalMs, now = Date.now, onRun, onSkipped } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  let timer: NodeJS.Timeout | undefined;
  let run = runAndSchedule();

  return async function stop() {
    stopping.abort();
    clearTimeout(timer);
    await run;
  };

  async function runAndSchedule(): Promise<void> {
    try {
      onRun(await rotateOnce(options, now(), { signal }));
    } catch (error) {
      if (error instanceof FolderLockedError) onSkipped(error);
      else onRun({ actions: [], leapDays: 0, error });
    }
    if (signal.aborted) return;
    timer = setTimeout(() => {
      run = runAndSchedule();
    }, intervalMs);
    timer.unref();
  }
}
