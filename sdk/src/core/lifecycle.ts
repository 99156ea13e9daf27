import type { Beacon, BeaconClient } from "./options.ts";
import { warn } from "./warn.ts";

/** Whether there is a page: false in Node and in workers. */
export function isBrowser(): boolean {
  return typeof document !== "undefined";
}

/**
 * Adds one listener for several types of event, separated by spaces, to the window. It comes before those of the page:
 * what the page stops on its way down is seen all the same.
 * @returns the undo
 */
export function listen<Incoming extends Event>(types: string, listener: (event: Incoming) => void): () => void {
  const each = (method: typeof addEventListener) =>
    types.split(" ").map((type) => method(type, listener as EventListener, true));
  each(addEventListener);
  return () => {
    each(removeEventListener);
  };
}

/**
 * Calls each function with the input and returns what they return. One that throws, or is none, harms neither the others
 * nor the page; it leaves `undefined`.
 */
export function attemptAll<Output, First, Second>(
  steps: readonly (((first: First, second: Second) => Output) | undefined)[],
  first?: First,
  second?: Second,
): (Output | undefined)[] {
  return steps.map((step) => {
    try {
      return step?.(first as First, second as Second);
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
