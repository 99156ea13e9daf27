import type { ErrorAnswer, ErrorCode } from "@tallymark/sdk/protocol";
import type { Context } from "hono";

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

/** Answers a refusal or failure, and leaves its code behind for the log and the metrics. */
export function errorAnswer(c: Context, error: ErrorCode, issues?: ErrorAnswer["issues"]): Response {
  c.set("error", error);
  const retryAfter = error === "unavailable" || error === "rate_limited" ? RETRY_AFTER_SECONDS : undefined;
  if (retryAfter) c.header("Retry-After", String(retryAfter));
  const answer: ErrorAnswer = {
    ok: false,
    error,
    ...(issues && { issues }),
    ...(retryAfter && { retry_after: retryAfter }),
  };
  return c.json(answer, ERROR_STATUS[error]);
}
