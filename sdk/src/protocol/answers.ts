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

/** `schema`: breaks a rule of the protocol. `too_old`, `too_new`: `ts` outside what the collector keeps. */
export type RejectionReason = "schema" | "too_old" | "too_new";

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
