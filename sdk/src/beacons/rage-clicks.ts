import type { Beacon } from "../core/options.ts";
import { CLICKABLE, QUIET } from "./lib/clickable.ts";
import { elementPath } from "./lib/element-path.ts";
import { onAct } from "./lib/on-act.ts";

/** Settings of `rageClicks`. */
export interface RageClicksOptions {
  /** So many clicks are a burst (default 3). */
  readonly count?: number;
  /** How near to the newest click the others must be, in CSS pixels (default 30). */
  readonly distancePx?: number;
  /** How new they must be, in ms (default 1,000). */
  readonly windowMs?: number;
  /** What is told of the element. Default: its tag and up to three round it, such as `body>main>form>button`. */
  readonly describe?: (element: Element) => string;
}

/**
 * Tracks `rage_click` with `{ target }`: three clicks with the left button at one place within a second. However many
 * follow, it is one event, until there was none for a second.
 *
 * What is meant to be clicked often is silent: text fields, canvases and players, and a triple click that selects
 * text. So is what is marked `data-tallymark-ignore`: do that where one click is one step, as with `+` and `−`. Keys and
 * scripts that click do not count.
 */
export function rageClicks({
  count = 3,
  distancePx = 30,
  windowMs = 1000,
  describe = elementPath,
}: RageClicksOptions = {}): Beacon {
  return function startRageClicks(client) {
    let burst: Pick<MouseEvent, "clientX" | "clientY" | "timeStamp">[] = [];
    let isTold = false;

    return onAct("click", "*", (target, find, event) => {
      const { clientX, clientY, timeStamp, detail } = event as MouseEvent;
      // A click of no detail comes from the keyboard or from a script.
      if (!detail || find(QUIET)) return;
      burst = burst.filter(
        (click) =>
          timeStamp - click.timeStamp < windowMs &&
          Math.hypot(clientX - click.clientX, clientY - click.clientY) < distancePx,
      );
      if (!burst[0]) isTold = false;
      burst.push({ clientX, clientY, timeStamp });
      const clickable = find(CLICKABLE);
      // The text of a link or label is selected too, and nobody means to.
      if (isTold || burst.length < count || !(clickable || getSelection()?.isCollapsed)) return;
      isTold = true;
      client.track("rage_click", { target: describe(clickable ?? target) });
    });
  };
}
