import type { ErrorAnswer, EventAnswer } from "../protocol/answers.ts";
import type { Metadata, WireEvent } from "../protocol/event.ts";

/** Settings of `createTallymark`. */
export interface TallymarkOptions {
  /**
   * Where the collector is: an origin with an optional path prefix, such as `https://stats.example.com`.
   * `/api/metrics/events` is added to it. `""` means the page's own origin.
   */
  readonly endpoint: string;
  /** Name of this site, where several share one collector. */
  readonly site?: string;
  /** Share of visitors to keep, 0–1 (default 1). Kept visitors are counted whole, and the rate is stamped on their events. */
  readonly sampleRate?: number;
  /** What to capture by itself, for example `[pageViews(), linkClicks()]` from `@tallymark/sdk/beacons`. Default: nothing. */
  readonly beacons?: readonly Beacon[];
  /** Send when this many events wait (default 20). */
  readonly flushCount?: number;
  /** Send this long after the first waiting event, in ms (default 5000). */
  readonly flushIntervalMs?: number;
}

/** Facts about the page that a caller may state instead of having them read from the document. */
export type PageFacts = Pick<WireEvent, "url" | "referrer" | "title">;

/** What a beacon is given: enough to send, nothing to configure. */
export type BeaconClient = Pick<Tallymark, "track" | "flush">;

/** Starts capturing and returns the undo. Must leave the page as it found it. */
export type Beacon = (client: BeaconClient) => () => void;

/** What `sendEvent` resolves to. It never rejects. */
export type SendResult =
  | EventAnswer
  | ErrorAnswer
  | { readonly ok: true; readonly sampledOut: true }
  | { readonly ok: false; readonly error: "network" | "aborted" };

/** A running client. None of its methods ever throws into the page. */
export interface Tallymark {
  /**
   * Queues an event; it is sent in the next batch.
   * @param name 1–64 characters, a letter first, then letters, digits and `_ . : -`
   * @param metadata plain JSON, at most 8 KiB
   * @param page replaces what would be read from the document
   */
  track(name: string, metadata?: Metadata, page?: PageFacts): void;
  /**
   * Posts one event at once and resolves to the collector's answer. What is left out of `event` is filled in as by
   * `track`. Resolves to `{ ok: true, sampledOut: true }` where this visitor is not in the sample, and to
   * `{ ok: false, error }` on a refusal, without network, or after `signal` aborted; it is then the caller's to repeat,
   * with the same `id` to be safe from counting twice.
   */
  sendEvent(event: WireEvent, options?: { readonly signal?: AbortSignal }): Promise<SendResult>;
  /** Sends what waits and resolves when the collector has answered, or the attempt has failed (then it is retried later). */
  flush(): Promise<void>;
  /** The anonymous id of this visitor: 128 random bits as 32 hexadecimal digits, kept in localStorage; `""` outside a browser. */
  getVisitorId(): string;
  /** Stops all beacons, sends what waits and removes every listener and timer. Later calls do nothing. */
  stop(): void;
}
