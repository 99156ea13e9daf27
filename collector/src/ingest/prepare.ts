import { randomBytes } from "node:crypto";
import { type Device, MAX_CLOCK_AHEAD_MS, type StoredEvent, type WireEvent } from "@tallymark/sdk/protocol";
import type { IngestContext } from "./context.ts";
import type { Origin } from "./daily-visitor.ts";
import { scrubReferrer, scrubUrl } from "./scrub.ts";

export interface PrepareOptions {
  /** Older events are refused: their file is gone already, or soon. In ms. */
  readonly maxAgeMs: number;
  readonly readDevice: (userAgent: string) => Device | undefined;
  readonly dailyVisitor: (origin: Origin, now: number) => string;
}

export type Prepared =
  | { readonly ok: true; readonly event: StoredEvent }
  | { readonly ok: false; readonly reason: "too_old" | "too_new"; readonly message: string };

/**
 * Makes of a valid event what may be stored: corrected clock, scrubbed addresses, an id of its own, a coarse device.
 * `sample_rate` is still the client's; the collector's own comes later.
 */
export function prepareEvent(event: WireEvent, context: IngestContext, options: PrepareOptions): Prepared {
  const { receivedAt, userAgent, address } = context;
  const ts = correctedTime(event.ts, context);
  if (ts > receivedAt + MAX_CLOCK_AHEAD_MS) {
    return { ok: false, reason: "too_new", message: "must not be more than 24 hours ahead of the collector's clock" };
  }
  if (ts < receivedAt - options.maxAgeMs) {
    return { ok: false, reason: "too_old", message: "must not be older than the collector keeps events" };
  }
  const device = options.readDevice(userAgent);
  // An SDK sends "" for what a page has not: a visit without referrer, a page without title.
  const { url, referrer, title, ...others } = event;
  const visitorId =
    event.visitor_id || options.dailyVisitor({ address, userAgent, site: event.site ?? "" }, receivedAt);
  return {
    ok: true,
    event: {
      ...others,
      id: event.id ?? randomBytes(16).toString("hex"),
      visitor_id: visitorId,
      ts,
      ...(url && { url: scrubUrl(url) }),
      ...(referrer && { referrer: scrubReferrer(referrer) }),
      ...(title && { title }),
      sample_rate: event.sample_rate ?? 1,
      received_at: new Date(receivedAt).toISOString(),
      ...(device && { device }),
    },
  };
}

/** Undoes a wrong client clock: both `ts` and `sentAt` were read off it, and we know when the request arrived. */
function correctedTime(ts: number | undefined, { receivedAt, sentAt }: IngestContext): number {
  if (ts === undefined) return receivedAt;
  return sentAt === undefined ? ts : ts + receivedAt - sentAt;
}
