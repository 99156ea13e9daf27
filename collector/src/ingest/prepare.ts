import { randomBytes } from "node:crypto";
import { MAX_CLOCK_AHEAD_MS, type StoredEvent, type WireEvent } from "@tallymark/sdk/protocol";
import type { IngestContext } from "./context.ts";
import type { Origin } from "./daily-visitor.ts";
import { scrubReferrer, scrubUrl } from "./scrub.ts";

export interface PrepareOptions {
  /** Older events are refused: their file is gone already, or soon. In ms. */
  readonly maxAgeMs: number;
  readonly dailyVisitor: (origin: Origin, now: number) => string;
}

/**
 * What may be stored of an event; `toLine` adds what is the same for the whole request. Every key is there, `undefined`
 * where the event has none, because objects of one shape are what JavaScript is fastest with.
 */
export type PreparedEvent = {
  readonly [key in Exclude<keyof StoredEvent, "received_at" | "device">]-?: undefined extends StoredEvent[key]
    ? StoredEvent[key] | undefined
    : StoredEvent[key];
};

export type Prepared =
  | { readonly ok: true; readonly event: PreparedEvent }
  | { readonly ok: false; readonly reason: "too_old" | "too_new"; readonly message: string };

/**
 * Makes of a valid event what may be stored: corrected clock, scrubbed addresses, an id of its own. `sample_rate` is
 * still the client's; the collector's own comes later.
 */
export function prepareEvent(event: WireEvent, context: IngestContext, options: PrepareOptions): Prepared {
  const { receivedAt } = context;
  const ts = correctedTime(event.ts, context);
  if (ts > receivedAt + MAX_CLOCK_AHEAD_MS) {
    return { ok: false, reason: "too_new", message: "must not be more than 24 hours ahead of the collector's clock" };
  }
  if (ts < receivedAt - options.maxAgeMs) {
    return { ok: false, reason: "too_old", message: "must not be older than the collector keeps events" };
  }
  return {
    ok: true,
    event: {
      id: event.id ?? randomBytes(16).toString("hex"),
      event: event.event,
      visitor_id: event.visitor_id || dailyVisitorOf(event, context, options),
      session_id: event.session_id,
      site: event.site,
      ts,
      // An SDK sends "" for what a page has not: a visit without referrer, a page without title.
      url: event.url ? scrubUrl(event.url) : undefined,
      referrer: event.referrer ? scrubReferrer(event.referrer) : undefined,
      title: event.title || undefined,
      page_view_id: event.page_view_id,
      language: event.language,
      viewport: event.viewport,
      sample_rate: event.sample_rate ?? 1,
      metadata: event.metadata,
    },
  };
}

function dailyVisitorOf(event: WireEvent, context: IngestContext, { dailyVisitor }: PrepareOptions): string {
  const { address, userAgent, receivedAt } = context;
  return dailyVisitor({ address: address(), userAgent, site: event.site ?? "" }, receivedAt);
}

/** Undoes a wrong client clock: both `ts` and `sentAt` were read off it, and we know when the request arrived. */
function correctedTime(ts: number | undefined, { receivedAt, sentAt }: IngestContext): number {
  if (ts === undefined) return receivedAt;
  return sentAt === undefined ? ts : ts + receivedAt - sentAt;
}
