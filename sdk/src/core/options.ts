import type { ErrorAnswer, EventAnswer } from "../protocol/answers.ts";
import type { Metadata, WireEvent } from "../protocol/event.ts";
import type { Outbox } from "./outbox.ts";

/** Names of events and what each one says; see `createTallymark`. */
export type EventMap = { readonly [name: string]: Metadata | undefined };

/**
 * Whether the visitor lets us count. `granted`: events are sent. `pending`: they wait in memory, nothing is sent and
 * nothing is stored on the device. `denied`: nothing is captured at all, and what was stored is wiped.
 */
export type Consent = "granted" | "pending" | "denied";

/**
 * How long a visitor is the same one. `persistent`: kept in localStorage. `session`: kept in sessionStorage, as long as
 * the tab. `memory`: as long as the page. `none`: no id is sent, and the collector derives one that changes every day.
 * The last two touch no storage.
 */
export type IdentityMode = "persistent" | "session" | "memory" | "none";

/** Settings of `createTallymark`. */
export interface TallymarkOptions {
  /**
   * Where the collector is: an origin with an optional path prefix, such as `https://stats.example.com`.
   * `/api/metrics/events` is added to it. `""` means the page's own origin.
   */
  readonly endpoint: string;
  /** Name of this site, where several share one collector. */
  readonly site?: string;
  /** What the visitor has said when the page loads (default `granted`); `optIn` and `optOut` change it later. */
  readonly consent?: Consent;
  /** Global Privacy Control counts as `denied`, whatever `consent` says, until the visitor opts in here (default true). */
  readonly respectGpc?: boolean;
  /** Do Not Track counts as `denied` in the same way (default false). */
  readonly respectDnt?: boolean;
  /** Default `persistent`. */
  readonly identity?: IdentityMode;
  /** Share of visitors to keep, 0–1 (default 1). Kept visitors are counted whole, and the rate is stamped on their events. */
  readonly sampleRate?: number;
  /**
   * Rates of single events, 0–1, instead of `sampleRate`: `{ scroll_depth: 0.1, error: 1 }`. They nest: whoever is kept at
   * 1 % is kept at 10 %. The rate that applied is stamped on the event.
   */
  readonly sampleRates?: { readonly [event: string]: number };
  /**
   * What is drawn: visitors, who are in or out as a whole (default), or each event by itself. Without a visitor id
   * (`identity: "none"`) it is always the event.
   */
  readonly sampleBy?: "visitor" | "event";
  /**
   * Sees each event before it leaves: what it returns is sent, `null` drops the event. It is called within 100 ms of the
   * event, or once the visitor agrees, and not for events that are not in the sample. A hook that throws drops its event,
   * which is counted; development names the fault.
   */
  readonly beforeSend?: (event: WireEvent) => WireEvent | null;
  /**
   * What to capture by itself, for example `[pageViews(), linkClicks()]` from `@tallymark/sdk/beacons`, and what else keeps
   * or carries events: `offlineQueue()` and `deferredFlush()` from `@tallymark/sdk/plugins`. Default: nothing.
   */
  readonly beacons?: readonly Beacon[];
}

/** Facts about the page that a caller may state instead of having them read from the document. */
export type PageFacts = Pick<WireEvent, "url" | "referrer" | "title">;

/** What a beacon is given: enough to send, nothing to configure. */
export type BeaconClient = Pick<Tallymark, "track" | "flush" | "_outbox">;

/**
 * Starts capturing and returns the undo. Must leave the page as it found it. It may be started again after that.
 */
export type Beacon = (client: BeaconClient) => () => void;

/** What `sendEvent` resolves to. It never rejects. */
export type SendResult =
  | EventAnswer
  | ErrorAnswer
  | { readonly ok: true; readonly sampledOut: true }
  /** There is no answer: no network, aborted, no consent, dropped by `beforeSend`, not in a browser, or after `stop`. */
  | { readonly ok: false; readonly error: "network" };

/** What follows the name in `track`: metadata may be left out where the event map lets it be. */
type TrackArguments<EventMetadata> = undefined extends EventMetadata
  ? [metadata?: EventMetadata, page?: PageFacts]
  : [metadata: EventMetadata, page?: PageFacts];

/** A running client. None of its methods ever throws into the page. */
// biome-ignore lint/suspicious/noExplicitAny: whichever events a client knows, it may be handed on as a plain one.
export interface Tallymark<Events extends object = any> {
  /**
   * For the beacons and plugins of this package.
   * @internal
   */
  readonly _outbox?: Outbox;
  /**
   * Queues an event; it is sent in the next batch: when 30 wait, after 5 s, or when the page is hidden. A text of more than
   * 2,000 characters is cut there and ends with `…`.
   * @param name 1–64 characters, a letter first, then letters, digits and `_ . : -`
   * @param metadata plain JSON, at most 8 KiB, 4 levels, 64 keys
   * @param page replaces what would be read from the document
   */
  track<Name extends keyof Events & string>(name: Name, ...rest: TrackArguments<Events[Name]>): void;
  /**
   * Posts one event at once and resolves to the collector's answer. What is left out of `event` is filled in as by
   * `track`. Resolves to `{ ok: true, sampledOut: true }` where this visitor is not in the sample, and to
   * `{ ok: false, error }` on a refusal, without consent, without network, or after `signal` aborted; it is then the
   * caller's to repeat, with the same `id` to be safe from counting twice.
   */
  sendEvent(event: WireEvent, options?: { readonly signal?: AbortSignal }): Promise<SendResult>;
  /** Sends what waits and resolves when the collector has answered, or the attempt has failed (then it is retried later). */
  flush(): Promise<void>;
  /**
   * The anonymous id of this visitor: 128 random bits as four decimal numbers, kept as `identity` says. `""` without
   * consent, with `identity: "none"`, and outside a browser.
   */
  getVisitorId(): string;
  /** The visitor agrees: what waited goes out, once; beacons that were off start. */
  optIn(): void;
  /**
   * The visitor refuses: queue, ids and storage keys are wiped, beacons stop, later calls do nothing. Nothing is left to
   * remember that by; on the next page say `consent: "denied"`.
   */
  optOut(): void;
  /**
   * Asks the collector to erase this visitor, then does what `optOut` does. Resolves to whether the collector has done it;
   * where it could not be reached nothing is wiped, so that this can be called again.
   */
  forget(): Promise<boolean>;
  /** Stops all beacons, sends what waits and removes every listener. Later calls do nothing, nor does a timer that is left. */
  stop(): void;
}
