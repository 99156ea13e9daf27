/** 202 to `POST /api/metrics/event`. */
export interface EventAnswer {
  readonly ok: true;
  /** 1, or 0 where the collector's sampling dropped the event or the same id was stored before. */
  readonly stored: 0 | 1;
  /** Bare name of the file that was being written. */
  readonly file: string;
  /** Top-level keys the collector does not know and did not store. */
  readonly ignored?: readonly string[];
}

/** 202 to `POST /api/metrics/events`: accepted = received − rejected − duplicates. */
export interface BatchAnswer {
  readonly ok: true;
  readonly accepted: number;
  readonly stored: number;
  readonly duplicates: number;
  readonly rejected: readonly RejectedEvent[];
  readonly file: string;
  readonly ignored?: readonly string[];
}

/** Why one event of a batch was not taken; the others were. */
export interface RejectedEvent {
  readonly index: number;
  readonly reason: RejectionReason;
  readonly detail: string;
}

/**
 * `schema`: breaks a rule of the protocol. `too_old`, `too_new`: `ts` outside what the collector keeps. `erased`: belongs to
 * a visitor who asked to be forgotten.
 */
export type RejectionReason = "schema" | "too_old" | "too_new" | "erased";

/**
 * To `DELETE /api/metrics/visitors/:id`, `POST /api/metrics/forget` and `GET /api/metrics/erasures/:receipt`: 200 where it
 * is done, 202 while it is under way.
 */
export interface ErasureAnswer {
  readonly ok: true;
  /** Names this erasure; says nothing of the visitor. */
  readonly receipt: string;
  readonly status: "done" | "running";
  readonly erased: ErasedCounts;
}

/** What an erasure has removed so far. */
export interface ErasedCounts {
  /** Events of the live view. */
  readonly ring: number;
  /** Files that were rewritten. */
  readonly files: number;
  /** Stored events. */
  readonly events: number;
  /** Events of others in which a mention of the id was blanked. */
  readonly redacted: number;
}

/** Everything but a 202. */
export interface ErrorAnswer {
  readonly ok: false;
  readonly error: ErrorCode;
  /** For `invalid_event`: which rule was broken where. */
  readonly issues?: readonly { readonly path: string; readonly message: string }[];
  /** For 429 and 503: seconds to wait. */
  readonly retry_after?: number;
}

/** Machine-readable causes; the HTTP status says the class. */
export type ErrorCode =
  | "invalid_json"
  | "invalid_event"
  | "too_large"
  | "unsupported_type"
  | "origin_not_allowed"
  | "rate_limited"
  | "unauthorized"
  | "not_found"
  | "unavailable"
  | "internal";
