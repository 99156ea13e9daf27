import { attemptAll, LEAVE, listen } from "../core/lifecycle.ts";
import type { Beacon } from "../core/options.ts";

/** Less is a page that moved on, or one that was shown by the way. */
const LEAST_MS = 100;

/**
 * Tracks `engagement` with `{ engaged_ms }`: how long the visitor had the page before them, visible and focused, since the
 * event before it of the same view. The sum over a `page_view_id` is the time of that view. It is told when the view is
 * left, and when the page is hidden, for a phone may close it then without a word; nothing is sent in between, and no timer
 * runs. Less than 0.1 s is nothing, and without a page view there is nothing to engage with.
 */
export function engagement(): Beacon {
  return function startEngagement({ track, _outbox }) {
    let engagedMs = 0;
    /** Since when it counts, by the page's own clock, which does not go back; NaN while it does not. */
    let since = Number.NaN;

    const onTurn = ({ type }: Partial<Event> = {}): void => {
      const now = performance.now();
      engagedMs += now - since || 0;
      // In the back/forward cache the clock goes on.
      const isAway = document.hidden || type === "pagehide";
      since = !isAway && document.hasFocus() ? now : Number.NaN;
      if (isAway || type === LEAVE) {
        if (_outbox?._view && engagedMs >= LEAST_MS) track("engagement", { engaged_ms: Math.round(engagedMs) });
        engagedMs = 0;
      }
    };

    attemptAll([onTurn as () => void]);
    return listen(`focus blur pageshow visibilitychange pagehide ${LEAVE}`, onTurn);
  };
}
