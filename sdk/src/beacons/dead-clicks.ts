import { attemptAll, listen } from "../core/lifecycle.ts";
import type { Beacon } from "../core/options.ts";
import { CLICKABLE, QUIET } from "./lib/clickable.ts";
import { elementPath } from "./lib/element-path.ts";
import { onAct } from "./lib/on-act.ts";

/** Settings of `deadClicks`. */
export interface DeadClicksOptions {
  /** How long the page has to answer, in ms (default 2,500). */
  readonly windowMs?: number;
  /** What is told of the element. Default: its tag and up to three round it, such as `body>main>form>button`. */
  readonly describe?: (element: Element) => string;
}

/** A link that the browser follows, if the page lets it: to a page or a part of one, a file, a mail, another app. */
const FOLLOWED = "[href]:not([href='#'],[href^='javascript:'])";

/** What is shown already: clicked again, it has nothing to do. */
const CURRENT = "[aria-selected=true],[aria-current]";

/** Events that are an answer, or may be one. `toggle` is a popover's, which changes no attribute. */
const ANSWERS =
  "scroll submit reset invalid input toggle play pause focus blur selectionchange visibilitychange pagehide beforeunload";

/** The fragment that is empty is not one: a link to `#` that does nothing leads there. */
const readAddress = (): string => location.href.replace(/#$/, "");

/**
 * Tracks `dead_click` with `{ target }`: a click with the left button on what looks clickable, by its markup or because the
 * pointer says so, and nothing happens: nothing changes in the document or its address, nothing scrolls, plays, is
 * selected, sent as a form, or opened, and no field gets the focus. What happens at the press counts as well.
 *
 * A request that changes nothing is no answer: the visitor does not see it, and any analytics script sends one. What only
 * draws on a canvas, sets a field's value, makes a sound, or changes a closed shadow root or one elsewhere cannot be seen:
 * mark it `data-tallymark-ignore`. Links that the browser follows are never dead, nor are tabs and links that are the
 * current ones. Clicks with ctrl, meta, shift or alt, of keys and of scripts do not count. A page that never rests has no
 * dead clicks. Nothing is observed while no click waits.
 */
export function deadClicks({ windowMs = 2500, describe = elementPath }: DeadClicksOptions = {}): Beacon {
  return function startDeadClicks(client) {
    const clicks = new Map<Element, Event>();
    let observer: MutationObserver | undefined;
    let unlisten: (() => void) | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let address: string;

    const end = (): void => {
      clicks.clear();
      clearTimeout(timer);
      observer?.disconnect();
      unlisten?.();
      observer = unlisten = undefined;
    };

    const onAnswer = ({ type, target }: Event): void => {
      // The press itself moves the focus to a button, and out of a field.
      if (type === "focus" && !(target as Partial<Element>).matches?.(QUIET)) return;
      // What opens beside the page takes the focus from the window.
      if (type === "blur" && (target as Node).nodeType) return;
      // Any click moves the cursor of the document, which nobody sees.
      if (type === "selectionchange" && getSelection()?.isCollapsed) return;
      end();
    };

    const judge = (): void => {
      attemptAll(
        [...clicks].map(([element, { defaultPrevented }]) => () => {
          if (readAddress() !== address || (!defaultPrevented && element.matches(FOLLOWED))) return;
          if (element.matches(CLICKABLE) || getComputedStyle(element).cursor === "pointer")
            client.track("dead_click", { target: describe(element) });
        }),
      );
      end();
    };

    const undo = [
      // From the press on, which is what many menus open at.
      listen("pointerdown", (event) => {
        if (!observer) {
          address = readAddress();
          observer = new MutationObserver(end);
          unlisten = listen(ANSWERS, onAnswer);
        }
        for (const node of event.composedPath() as Node[]) {
          // The document, and the shadow roots round the click, which it does not see into.
          if (node.nodeType > 8)
            observer.observe(node, { attributes: true, characterData: true, childList: true, subtree: true });
        }
        clearTimeout(timer);
        timer = setTimeout(judge, windowMs);
      }),
      onAct("click", "*", (target, find, event) => {
        const { detail, ctrlKey, metaKey, shiftKey, altKey } = event as MouseEvent;
        // A field, also the one of a label; or the page clicks itself, say, on its file input.
        if (!detail || find(QUIET)) end();
        else if (observer && !(ctrlKey || metaKey || shiftKey || altKey || find(CURRENT)))
          clicks.set(find(CLICKABLE) ?? target, event);
      }),
      end,
    ];
    return () => {
      attemptAll(undo);
    };
  };
}
