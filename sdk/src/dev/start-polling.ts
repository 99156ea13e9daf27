/** Share of the wait that is drawn at random, either way: tabs which started together drift apart. */
const JITTER = 0.25;
const MAX_BACK_OFF_MS = 10_000;

/**
 * Calls `poll` now and then again and again, one call at a time: `intervalMs` ± 25 % after the last call ended, doubling
 * up to 10 s (± 25 %) while it resolves to false. Nothing runs while the page is hidden; it polls at once when visible again.
 * @param poll must not reject
 * @param intervalMs is asked before each wait
 * @returns stops
 */
export function startPolling(poll: () => Promise<boolean>, intervalMs: () => number): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isRunning = false;
  let isStopped = false;
  let failures = 0;

  async function run(): Promise<void> {
    clearTimeout(timer);
    if (isRunning || isStopped || document.hidden) return;
    isRunning = true;
    failures = (await poll()) ? 0 : failures + 1;
    isRunning = false;
    if (!isStopped && !document.hidden) timer = setTimeout(run, waitMs(intervalMs(), failures));
  }

  document.addEventListener("visibilitychange", run);
  void run();
  return function stopPolling() {
    isStopped = true;
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", run);
  };
}

function waitMs(intervalMs: number, failures: number): number {
  const backedOff = Math.max(intervalMs, Math.min(intervalMs * 2 ** failures, MAX_BACK_OFF_MS));
  return backedOff * (1 - JITTER + Math.random() * 2 * JITTER);
}
