import { attemptAll } from "../../core/lifecycle.ts";

/**
 * Calls back after each call of `history.pushState` or `history.replaceState`, synchronously: the page's next line
 * already finds it done. A callback that throws does not harm the page; it is called after the undo too where somebody
 * else has patched the method since.
 * @returns the undo
 */
export function afterHistoryCall(method: "pushState" | "replaceState", callback: () => void): () => void {
  const original = history[method];
  const patched: History[typeof method] = (...args) => {
    original.apply(history, args);
    attemptAll([callback]);
  };
  history[method] = patched;
  return () => {
    if (history[method] === patched) history[method] = original;
  };
}
