import { isBrowser, listen } from "../../core/lifecycle.ts";

/** The innermost element round a click that a selector matches. */
export type FindRound = (selector: string) => Element | undefined;

/**
 * Calls back for each click in an element that `selector` matches: the innermost one, also out of open shadow roots.
 * Clicks count with any modifier, with the middle button and from the keyboard, not with the right button, and not inside
 * an element marked `data-tallymark-ignore`. A callback that throws harms neither the page nor the click.
 * @returns the undo
 */
export function onClick(
  selector: string,
  callback: (element: Element, find: FindRound, path: readonly unknown[]) => void,
): () => void {
  if (!isBrowser()) return () => {};
  return listen("click auxclick", (event: MouseEvent) => {
    // Without document and window: a page may have a function of its own called `matches`.
    const path = event.composedPath().slice(0, -2) as Element[];
    // A shadow root has no such method.
    const find: FindRound = (wanted) => path.find((target) => target.matches?.(wanted));
    try {
      const element = find(selector);
      // 2 is the right button, 3 and 4 go back and forward.
      if (event.button < 2 && element && !find("[data-tallymark-ignore]")) callback(element, find, path);
    } catch {
      // An address that is broken leads nowhere; a form may have a field called `matches`.
    }
  });
}
