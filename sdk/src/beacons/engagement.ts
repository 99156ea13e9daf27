import { attemptAll, LEAVE, listen } from "../core/lifecycle.ts";
import type { Beacon } from "../core/options.ts";

/** Less is a page that moved on, or one that was shown by the way. */
const LEAST_MS = 100;

/** Settings of `engagement`. */
export interface EngagementOptions {
  /**
   * A page that is only hidden says nothing before so much is new, in ms (default 3,000); one that is left says what is at
   * least 100.
   */
  readonly minMs?: number;
}

/**
 * Tracks `engagement` with `{ engaged_ms }`: how long the visitor had the page before them, visible and focused, since the
 * event before it of the same view. The sum over a `page_view_id` is the time of that view. It is told when the view is
 * left, and when the page is hidden after a while, for a phone may close it then without a word; nothing is sent in between,
 * and no timer runs. Without a page view there is nothing to engage with.
 */
export function engagement({ minMs = 3000 }: EngagementOptions = {}): Beacon {
  return function startEngagement({ track, _outbox }) {
    let engagedMs = 0;
    /** Since when it counts, by the page's own clock, which does not go back; NaN while it does not. */
    let since = Number.NaN;

    const onTurn = ({ type }: Partial<Event> = {}): void => {
      const now = performance.now();
      engagedMs += now - since || 0;
      // In the back/forward cache the clock goes on.
      since = type !== "pagehide" && !document.hidden && document.hasFocus() ? now : Number.NaN;
      const isLeft = type === LEAVE || type === "pagehide";
      if (!isLeft && !(document.hidden && engagedMs >= minMs)) return;
      if (_outbox?._view && engagedMs >= LEAST_MS) track("engagement", { engaged_ms: Math.round(engagedMs) });
      engagedMs = 0;
    };

    attemptAll([onTurn as () => void]);
    return listen(`focus blur pageshow visibilitychange pagehide ${LEAVE}`, onTurn);
  };
}
