import { attemptAll } from "../../core/lifecycle.ts";
import type { BeaconClient } from "../../core/options.ts";

/**
 * Calls back each time before what waits is made ready to leave, once the visitor has agreed: what is on the device may be
 * read now, and no event has refreshed it yet. What the callback adds to what waits is made ready with it.
 * @returns the undo
 */
export function beforeReady({ _outbox: outbox }: BeaconClient, callback: (() => void) | undefined): () => void {
  if (!outbox) return () => {};
  const original = outbox._ready;
  const patched = (): string[] => {
    if (outbox._maySend()) attemptAll([callback]);
    return original();
  };
  outbox._ready = patched;
  return () => {
    callback = undefined;
    if (outbox._ready === patched) outbox._ready = original;
  };
}
