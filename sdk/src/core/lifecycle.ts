import { warn } from "./warn.ts";

/** Whether there is a page: false in Node and in workers. */
export function isBrowser(): boolean {
  return typeof document !== "undefined";
}

/**
 * Adds one listener for several types of event, separated by spaces, to the window.
 * @returns the undo
 */
export function listen<Incoming extends Event>(
  types: string,
  listener: (event: Incoming) => void,
  capture?: boolean,
): () => void {
  for (const type of types.split(" ")) addEventListener(type, listener as EventListener, capture);
  return () => {
    for (const type of types.split(" ")) removeEventListener(type, listener as EventListener, capture);
  };
}

/**
 * Calls each function with `input` and returns what they return. One that throws, or is none, harms neither the others
 * nor the page; it leaves `undefined`.
 */
export function attemptAll<Output, Input>(
  steps: readonly (((input: Input) => Output) | undefined)[],
  input?: Input,
): (Output | undefined)[] {
  return steps.map((step) => {
    try {
      return step?.(input as Input);
    } catch (error) {
      return warn("a beacon failed:", error);
    }
  });
}
