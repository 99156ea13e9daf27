/** A value that survives `JSON.parse(JSON.stringify(value))` unchanged. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** What an event says besides its name: plain JSON, see `MAX_METADATA_*` in `limits.ts`. */
export type Metadata = { readonly [key: string]: JsonValue };

/** Width class of the window, with its frame and not zoomed: `xs` < 640 px ≤ `sm` < 768 ≤ `md` < 1024 ≤ `lg` < 1280 ≤ `xl`. */
export type Viewport = "xs" | "sm" | "md" | "lg" | "xl";

/** One event as it travels (protocol version 1). Unknown keys are ignored by the collector, and named in its answer. */
export interface WireEvent {
  /** What happened; see `EVENT_NAME`. */
  readonly event: string;
  /** Anonymous visitor. Absent or `""`: the collector derives an id that changes every day. */
  readonly visitor_id?: string;
  /** Idempotency key: the same id twice counts once. Made by the collector where absent. */
  readonly id?: string;
  readonly session_id?: string;
  /** Which site this is, where several share a collector. */
  readonly site?: string;
  /** When it happened, in ms since 1970 by the client's clock. */
  readonly ts?: number;
  /** Address of the page; stored as its path, with only `utm_*` left of the query. */
  readonly url?: string;
  /** Where the visitor came from; stored as host and path. */
  readonly referrer?: string;
  readonly title?: string;
  /** Ties an event to the page view it belongs to. */
  readonly page_view_id?: string;
  /** The browser's language tag, such as `en` or `pt-BR`. */
  readonly language?: string;
  readonly viewport?: Viewport;
  /** Rate this event survived in the client, 0 < rate ≤ 1; absent means 1. */
  readonly sample_rate?: number;
  readonly metadata?: Metadata;
}

/** Body of `POST /api/metrics/event`. */
export interface SingleEvent extends WireEvent {
  /** The client's clock when the request left, in ms: lets the collector correct `ts`. */
  readonly sent_at?: number;
}
