import type { WireEvent } from "../protocol/event.ts";

/** An event as it was captured: what it says, and the page at that moment. Costs as little as can be. */
export interface CapturedEvent extends Omit<WireEvent, PageKey | "metadata">, Writable<Pick<WireEvent, PageKey>> {
  readonly ts: number;
  /** As JSON: the caller may go on changing what it gave. */
  readonly metadata?: string | undefined;
}

/** Events that the collector has not acknowledged, as the transport and beacons share them. */
export interface Outbox {
  /** What waits, oldest first: as captured, or as JSON that is ready to leave. A beacon may add JSON, and remove it. */
  readonly _waiting: (CapturedEvent | string)[];
  /** Called after each change, once there is consent. Must be quick, and must not throw. */
  _observe?: OutboxObserver | undefined;
  /**
   * The page view that is open, which is what later events say about their page; nothing before the first. As long as it
   * has no title it may become another address: the title is read when it is made ready.
   */
  _view?: CapturedEvent | undefined;
  /** Closes the open view, which beacons are told by `LEAVE`: another follows, or a page that is not counted. */
  _leave(): void;
  /** Where what must outlive the page may be kept: Web storage, or a plain object where `identity` forbids that. */
  readonly _area: StorageArea;
  /** Full address of the collector's batch route. */
  readonly _url: string;
  /** Whether the visitor has agreed, and sees the page: until then nothing is sent, stored or read. */
  _maySend(): boolean;
  /** Makes everything that waits ready to leave. */
  _ready(): string[];
  /** Body of a request with these events. */
  _envelope(events: readonly string[]): string;
  /** Counts what had to be given up; the counts travel with the next batch that arrives. */
  _drop(reason: string, count?: number): void;
  /** Sends what waits. */
  _dispatch(): Promise<unknown>;
}

/**
 * @param batch what has been taken out of `waiting` for a request and, the second time, is settled: delivered, or given
 *   up, or waiting again
 * @param turn the page may be gone any moment: `pagehide`, or another turn of its life
 * @param headers of the answer, the second time, where there was one
 * @returns whether what waits is safe without this page
 */
export type OutboxObserver = (batch?: readonly string[], turn?: Turn, headers?: Headers) => unknown;

/** Type of the event by which the page is left or comes back; `true` for any of them. */
export type Turn = string | boolean;

type PageKey = "url" | "title" | "page_view_id";

type Writable<Fields> = { -readonly [Key in keyof Fields]: Fields[Key] | undefined };

/** `localStorage`, `sessionStorage`, or a plain object in their place. */
export type StorageArea = Record<string, string>;
