import type { ErrorAnswer, ErrorCode } from "@tallymark/sdk/protocol";
import { SinkError } from "../store/sink.ts";

/** Every error code with the status it travels under. */
export const ERROR_STATUS = {
  invalid_json: 400,
  invalid_event: 400,
  unauthorized: 401,
  origin_not_allowed: 403,
  not_found: 404,
  too_large: 413,
  unsupported_type: 415,
  rate_limited: 429,
  internal: 500,
  unavailable: 503,
} as const satisfies { readonly [code in ErrorCode]: number };

/** Seconds a client is asked to wait before it tries again. */
const RETRY_AFTER_SECONDS = 5;

/** An answer before it is a response, of Hono's or of Node's. */
export interface Answer {
  readonly status: 202 | (typeof ERROR_STATUS)[ErrorCode];
  /** JSON. */
  readonly body: string;
  /** Set where the answer is a refusal or a failure. */
  readonly error?: ErrorCode;
  /** The connection ends with this answer. */
  readonly closes?: boolean;
  /** In seconds. */
  readonly retryAfter?: number;
}

/**
 * A refusal or failure as the protocol has it.
 * @param seconds after which a client that was refused for now may come again
 */
export function refusal(error: ErrorCode, issues?: ErrorAnswer["issues"], seconds = RETRY_AFTER_SECONDS): Answer {
  const retryAfter = error === "unavailable" || error === "rate_limited" ? seconds : undefined;
  const json: ErrorAnswer = {
    ok: false,
    error,
    ...(issues && { issues }),
    ...(retryAfter && { retry_after: retryAfter }),
  };
  return { status: ERROR_STATUS[error], body: JSON.stringify(json), error, ...(retryAfter && { retryAfter }) };
}

/** The code under which what was thrown is answered: events that cannot be stored now may come again, all else is ours. */
export function codeOfThrown(error: unknown): ErrorCode {
  return error instanceof SinkError ? "unavailable" : "internal";
}
