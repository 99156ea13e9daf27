import type { Beacon } from "../core/options.ts";
import type { CapturedEvent } from "../core/outbox.ts";
import { beforeReady } from "./lib/before-ready.ts";

/** As in `core/identity.ts`, like the way it is kept: a session ends after this long without an event. */
const SESSION_MS = 1_800_000;

/** What is told of the query of the address. */
const CAMPAIGN = /^utm_(source|medium|campaign|term|content)$/;

/**
 * Tracks `session_start` with the first page view of a session: which campaign and which site brought the visitor. Its
 * metadata are `utm_source`, `utm_medium`, `utm_campaign`, `utm_term` and `utm_content`, those that are in the address with
 * which the document was loaded, and `referrer_host`, where that is another host.
 *
 * A session is new where this browser has none, or where 30 minutes went by without an event in any tab, also while the
 * page stayed open. Nothing is stored for it, and nothing read before the visitor agrees: then it is told for the view that
 * was the first. With `identity: "memory"` and `"none"`, which know no session beyond the page, it is a load from another
 * host or without referrer; not a reload, and no way back.
 */
export function sessionStart(): Beacon {
  return function startSessionStart(client) {
    const outbox = client._outbox;
    /** Until the first view of this document. */
    let isLoad = true;
    let isNew = false;

    return beforeReady(client, () => {
      const { _area: area, _waiting: waiting } = outbox as NonNullable<typeof outbox>;
      // What is JSON already has neither, and has been counted.
      const captured = waiting as CapturedEvent[];
      const first = captured.find(({ ts }) => ts);
      if (!first) return;
      const view = captured.find(({ event }) => event === "page_view");
      const referrer = view?.referrer ?? `${document.referrer}`;
      const { host } = new URL(referrer, location.href);
      const isOther = referrer && host !== location.host;
      const [load] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
      // The last of the list.
      const activeAt = Number(/\d+(?=\]$)/.exec(area.tallymark_id ?? ""));
      isNew ||= activeAt
        ? first.ts - activeAt >= SESSION_MS
        : isLoad && (area instanceof Storage || (load?.type === "navigate" && (isOther || !referrer)));
      if (!view) return;
      if (isNew) {
        const address = (isLoad && load?.name) || location.href;
        const said = Object.fromEntries([...new URL(address).searchParams].filter(([key]) => CAMPAIGN.test(key)));
        if (isOther) said.referrer_host = host;
        waiting.push({ ...view, event: "session_start", metadata: JSON.stringify(said) });
      }
      isLoad = isNew = false;
    });
  };
}
