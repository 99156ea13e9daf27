import type { Beacon, BeaconClient } from "./options.ts";
import { warn } from "./warn.ts";

/** Whether there is a page: false in Node and in workers. */
export function isBrowser(): boolean {
  return typeof document !== "undefined";
}

/** Type of the event that tells beacons on the window that the page view is left inside the page. It is still the open one. */
export const LEAVE = "tallymark:leave";

/**
 * Adds one listener for several types of event, separated by spaces, to the window. It comes before those of the page:
 * what the page stops on its way down is seen all the same.
 *
 * For `pushState` and `replaceState`, which are no events, it is called after each call of that method of `history`,
 * synchronously: the page's next line already finds it done. There it gets nothing, and may throw without harm.
 * @param isLast to come after those that do not say so
 * @returns the undo
 */
export function listen<Incoming extends Event>(
  types: string,
  listener: ((event: Incoming) => void) | undefined,
  isLast?: boolean,
): () => void {
  const undo = attemptAll(
    types.split(" ").map((type) => () => {
      const methods = history as unknown as Partial<Record<string, History["pushState"]>>;
      const original = methods[type];
      if (!original) {
        addEventListener(type, listener as EventListener, !isLast);
        return () => removeEventListener(type, listener as EventListener, !isLast);
      }
      methods[type] = (...args) => {
        original.apply(history, args);
        attemptAll([listener]);
      };
      const patched = methods[type];
      return () => {
        if (methods[type] !== patched) return;
        // It may be the prototype's.
        delete methods[type];
        if (methods[type] !== original) methods[type] = original;
      };
    }),
  );
  return () => {
    attemptAll(undo);
    // Who has patched the method since keeps ours alive.
    listener = undefined;
  };
}

/**
 * Calls each function with the input and returns what they return. One that throws, or is none, harms neither the others
 * nor the page; it leaves `undefined`.
 */
export function attemptAll<Output, First>(
  steps: readonly (((first: First) => Output) | undefined)[],
  first?: First,
): (Output | undefined)[] {
  return steps.map((step) => {
    try {
      return step?.(first as First);
    } catch (error) {
      warn("a beacon failed:", error);
    }
    return undefined;
  });
}

/**
 * Starts each beacon. One that fails harms neither the others nor the page.
 * @returns the undo
 */
export function installBeacons(beacons: readonly Beacon[], client: BeaconClient): () => void {
  const stops = attemptAll(beacons, client);
  return () => {
    attemptAll(stops);
  };
}
