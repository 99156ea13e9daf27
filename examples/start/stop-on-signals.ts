import { say } from "./say.ts";

/** Something that runs beside us. */
export interface Running {
  /** Ends it in an orderly way; resolves when that is done. */
  stop(): Promise<void>;
}

/**
 * On SIGINT, SIGTERM or SIGHUP stops all that is in `running` by then, and ends the process with 0; a second signal ends
 * it at once, with 1.
 * @returns aborted as soon as the first signal is there
 */
export function stopOnSignals(running: readonly Running[]): AbortSignal {
  const stopping = new AbortController();

  async function stop(): Promise<void> {
    if (stopping.signal.aborted) process.exit(1);
    stopping.abort();
    say("\nStopping …");
    await Promise.all(running.map((one) => one.stop()));
    say("Stopped. Every event the collector has acknowledged is on the disk.");
    process.exit(0);
  }

  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(name, () => void stop());
  return stopping.signal;
}
