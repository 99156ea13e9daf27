/**
 * Calls back after each call of `history.pushState` or `history.replaceState`, synchronously: the page's next line
 * already finds it done. The callback must not throw.
 * @returns the undo
 */
export function afterHistoryCall(method: "pushState" | "replaceState", callback: () => void): () => void {
  const original = history[method];
  let isActive = true;
  const patched: History[typeof method] = function patched(this: History, ...args) {
    original.apply(this, args);
    if (isActive) callback();
  };
  history[method] = patched;
  return () => {
    isActive = false;
    // Who patched after us still calls `patched`, which only passes on now.
    if (history[method] === patched) history[method] = original;
  };
}
