import type { AppliedAction } from "./apply.ts";
import { type RotateOptions, rotateOnce } from "./rotate-once.ts";

export interface RotationTimerOptions extends RotateOptions {
  /** Time between the end of a run and the next, in ms. */
  readonly intervalMs: number;
  readonly now?: () => number;
  /** After every run, with what it did; `error` where it could not even look. */
  readonly onRun: (run: { readonly actions: readonly AppliedAction[]; readonly error?: unknown }) => void;
}

/** Rotates now and again after every interval, one run at a time. Returns the stop, which waits for a run under way. */
export function startRotationTimer(options: RotationTimerOptions): () => Promise<void> {
  const { intervalMs, now = Date.now, onRun } = options;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let run = runAndSchedule();

  return async function stop() {
    isStopped = true;
    clearTimeout(timer);
    await run;
  };

  async function runAndSchedule(): Promise<void> {
    try {
      onRun({ actions: await rotateOnce(options, now()) });
    } catch (error) {
      onRun({ actions: [], error });
    }
    if (isStopped) return;
    timer = setTimeout(() => {
      run = runAndSchedule();
    }, intervalMs);
    timer.unref();
  }
}
