import type { WireEvent } from "../protocol/event.ts";
import { EVENT_NAME } from "../protocol/limits.ts";
import { checkOptions } from "./check-options.ts";
import { installBeacons } from "./install-beacons.ts";
import { isBrowser, listen } from "./lifecycle.ts";
import type { Beacon, Tallymark, TallymarkOptions } from "./options.ts";
import { readPage } from "./page.ts";
import { post } from "./post.ts";
import { randomId } from "./random-id.ts";
import { isSampled } from "./sampling.ts";
import { createTransport } from "./transport.ts";
import { readVisitorId } from "./visitor.ts";
import { warn } from "./warn.ts";

/**
 * Starts counting on this page. Listeners, timers and the visitor's id begin here, not on import. Outside a browser the
 * client does nothing, so it may be made while rendering on a server. Never throws: an option that makes no sense is
 * replaced by the nearest one that does, and named on the console in development.
 *
 * @example
 * const tallymark = createTallymark({ endpoint: "https://stats.example.com", beacons: [pageViews()] });
 * tallymark.track("signup", { plan: "free" });
 */
export function createTallymark(options: TallymarkOptions): Tallymark {
  checkOptions(options);
  const {
    endpoint,
    site,
    sampleRate = 1,
    beacons = [],
    flushCount = 20,
    flushIntervalMs = 5000,
  }: Partial<TallymarkOptions> = options ?? {};
  const rate = sampleRate <= 1 ? sampleRate : 1;
  let active = isBrowser();
  const visitorId = active ? readVisitorId() : "";
  const sampled = isSampled(visitorId, rate);
  const url = `${endpoint ?? ""}`.replace(/\/?$/, "/api/metrics/event");
  const transport = createTransport(`${url}s`, flushCount, flushIntervalMs, () => active);

  /**
   * Fills in what is not stated, in a copy: the caller may go on changing what it gave.
   * @throws TypeError for what is not JSON, such as a cycle or a BigInt
   */
  const complete = (stated: object): WireEvent => {
    const event = JSON.parse(JSON.stringify(stated));
    // A caller that has sampled before says so: a reader has to undo both.
    const survived = rate * (event.sample_rate ?? 1);
    return {
      visitor_id: visitorId,
      id: randomId(),
      site,
      ts: Date.now(),
      ...event,
      ...readPage(event),
      sample_rate: survived < 1 ? survived : undefined,
    };
  };

  const client: Tallymark = {
    track(name, metadata, page) {
      if (!active || !sampled) return;
      try {
        if (EVENT_NAME.test(name)) {
          return transport.push(complete({ ...page, event: name, metadata: metadata ?? undefined }));
        }
      } catch {
        // Not JSON.
      }
      transport.drop({ invalid_event: 1 });
      warn("dropped an event: its name is not 1–64 letters, digits and _ . : -, or its metadata is not JSON:", name);
    },

    async sendEvent(event, { signal } = {}) {
      if (active && !sampled) return { ok: true, sampledOut: true };
      try {
        if (active) return await (await post(url, complete(event), false, signal)).json();
      } catch (error) {
        warn("sendEvent has no answer from the collector:", error);
      }
      return { ok: false, error: signal?.aborted ? "aborted" : "network" };
    },

    flush: transport.flush,

    getVisitorId: () => visitorId,

    stop() {
      stopBeacons();
      active = false;
      transport.flush(true);
    },
  };

  // Hidden or left, the page may have its last chance to send; shown or online again, it has its first after a failure.
  // Safari may leave without visibilitychange: https://bugs.webkit.org/show_bug.cgi?id=151610
  const sendNow: Beacon = () => listen("visibilitychange pagehide online", () => transport.flush(true));
  const stopBeacons = installBeacons(active ? [sendNow, ...beacons] : [], client);
  return client;
}
