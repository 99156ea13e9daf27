import type { ErrorAnswer, ErrorCode } from "@tallymark/sdk/protocol";
import type { Context } from "hono";
import { type Answer, refusal } from "./answer.ts";

/** Answers a refusal or failure, and leaves its code behind for the log and the metrics. */
export function errorAnswer(c: Context, error: ErrorCode, issues?: ErrorAnswer["issues"]): Response {
  return respond(c, refusal(error, issues));
}

/** An answer as Hono's response. */
export function respond(c: Context, { status, body, error, closes, retryAfter }: Answer): Response {
  if (error) c.set("error", error);
  if (closes) c.header("Connection", "close");
  if (retryAfter) c.header("Retry-After", String(retryAfter));
  return c.body(body, status, { "Content-Type": "application/json" });
}
