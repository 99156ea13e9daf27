import type { WireEvent } from "../protocol/event.ts";
import { MAX_LANGUAGE_LENGTH } from "../protocol/limits.ts";
import { capture } from "./capture.ts";
import { checkOptions } from "./check-options.ts";
import { cutText } from "./cut-text.ts";
import { createIdentity, openStorage } from "./identity.ts";
import { attemptAll, listen } from "./lifecycle.ts";
import type { Beacon, EventMap, Tallymark, TallymarkOptions } from "./options.ts";
import type { CapturedEvent } from "./outbox.ts";
import { isRetryable, post } from "./post.ts";
import { randomId } from "./random-id.ts";
import { sampleShare } from "./sampling.ts";
import { scrub } from "./scrub.ts";
import { createTransport } from "./transport.ts";
import { warn } from "./warn.ts";

/** The visitor who has not answered by then has refused. */
const MAX_PENDING_MS = 1_800_000;

/**
 * Starts counting on this page. Listeners, timers and the visitor's ids begin here, not on import, and not before the
 * visitor agrees where `consent` says so. Outside a browser the client does nothing, so it may be made while rendering on
 * a server. A second call with the same endpoint and site returns the first one's client. Never throws: an option that
 * makes no sense is replaced by one that does, and named on the console in development.
 *
 * @example
 * const tallymark = createTallymark<{ signup: { plan: "free" | "pro" } }>({
 *   endpoint: "https://stats.example.com",
 *   beacons: [pageViews()],
 * });
 * tallymark.track("signup", { plan: "free" });
 */
export function createTallymark<Events extends object = EventMap>(options: TallymarkOptions): Tallymark<Events> {
  checkOptions(options);
  const {
    endpoint = "",
    site,
    consent = "granted",
    respectGpc = true,
    respectDnt,
    identity: mode = "persistent",
    sampleRate,
    sampleRates = {},
    sampleBy,
    beforeSend = (event) => event,
    beacons = [],
  }: Partial<TallymarkOptions> = options ?? {};
  const base = `${endpoint}`.replace(/\/?$/, "/api/metrics/");
  const name = base + site;
  const running = globalThis as unknown as Record<string, Tallymark | undefined>;
  if (running[name]) {
    warn("this page has started twice; the first client is used for both:", name);
    return running[name];
  }
  let level = "";
  let stops: (ReturnType<Beacon> | undefined)[] = [];
  const area = openStorage(mode);
  const identity = createIdentity(mode, area);
  // Chromium says that a prerendered page is visible a moment before it says that it is shown.
  const maySend = (): boolean =>
    level === "granted" && !((document as { prerendering?: boolean }).prerendering && document.hidden);

  /** The event as it may leave, as JSON; `undefined` where it is not in the sample, `null` where `beforeSend` says so. */
  const prepare = (captured: CapturedEvent): string | null | undefined => {
    const ids = identity._ids(captured.ts);
    // What is no rate is passed over, as is one that is not stated: `sampleRates.constructor` is a function.
    const rate = [sampleRates[captured.event], sampleRate, 1].find((asked) => 1 >= (asked as number)) as number;
    if (sampleShare(sampleBy === "event" ? "" : ids.visitor_id) >= rate) return;
    const event = beforeSend({
      id: randomId(),
      site,
      ...ids,
      language: navigator.language?.slice(0, MAX_LANGUAGE_LENGTH),
      ...captured,
      url: scrub(captured.url).replace(`${location.origin}/`, "/"),
      // A `<form name="referrer">` takes the place of `document.referrer`: then it is no string.
      referrer: scrub(captured.referrer ?? `${document.referrer}`),
      // A caller that has sampled before says so: a reader has to undo both.
      sample_rate: rate * (captured.sample_rate ?? 1),
      metadata: captured.metadata && JSON.parse(captured.metadata),
    } as WireEvent);
    return event && JSON.stringify(event, cutText);
  };

  const transport = createTransport(`${base}events`, area, maySend, prepare);

  const setConsent = (next: string): void => {
    if (running[name] !== client) return;
    const last = level;
    level = next;
    if (!next) {
      attemptAll([...stops.splice(0), identity._wipe]);
      transport._waiting.splice(0);
      transport._view = undefined;
    } else if (!last) {
      // Hidden or left, the page may have its last chance to send; shown or online again, its first after a failure.
      // Safari may leave without visibilitychange: https://bugs.webkit.org/show_bug.cgi?id=151610
      // After the beacons, which may have a last word.
      const sendNow = () => listen("online visibilitychange pagehide", ({ type }) => transport._dispatch(type), true);
      stops = attemptAll([...beacons, sendNow], client);
    }
    if (next === "pending") setTimeout(() => maySend() || setConsent(""), MAX_PENDING_MS);
  };

  const client: Tallymark = {
    _outbox: transport,
    track(name, metadata, page) {
      if (level) transport._enqueue(name, metadata, page);
    },

    async sendEvent(stated, how) {
      try {
        const json =
          maySend() &&
          prepare(capture(stated.event, stated.metadata, { ...stated, sent_at: Date.now() }, transport._view));
        if (json === undefined) return { ok: true, sampledOut: true };
        if (json) return JSON.parse((await post(`${base}event`, json, false, how?.signal))[1] as string);
      } catch (cause) {
        warn("sendEvent has no answer from the collector:", cause);
      }
      return { ok: false, error: "network" };
    },

    // Without what a caller such as `onclick` gives it.
    flush: () => transport._dispatch() as Promise<void>,

    getVisitorId: () => (maySend() && identity._ids().visitor_id) || "",

    optIn() {
      setConsent("granted");
      transport._dispatch();
    },

    optOut: () => setConsent(""),

    async forget() {
      if (!maySend()) return false;
      const [status] = await post(`${base}forget`, JSON.stringify(identity._ids()));
      if (!isRetryable(status)) setConsent("");
      return status < 300;
    },

    stop() {
      if (running[name] !== client) return;
      attemptAll(stops.splice(0));
      transport._dispatch(true);
      level = "";
      delete running[name];
    },
  };

  // `globalThis.document`: none on a server and in a worker. `isBrowser` would cost 13 bytes more.
  if (running.document) {
    running[name] = client;
    setConsent(
      (respectGpc && (navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl) ||
        (respectDnt && +(navigator.doNotTrack as string)) ||
        consent === "denied"
        ? ""
        : consent,
    );
  }
  return client;
}
