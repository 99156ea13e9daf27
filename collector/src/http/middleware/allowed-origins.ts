import { createMiddleware } from "hono/factory";
import type { CollectorEnv } from "../env.ts";
import { errorAnswer } from "../error-answer.ts";
import { corsHeaders, type OriginRule } from "../origin-rule.ts";

/** Two hours, the most Chromium keeps a preflight answer: https://fetch.spec.whatwg.org/#http-access-control-max-age */
const PREFLIGHT_MAX_AGE_SECONDS = "7200";

/**
 * A request without `Origin` does not come from a page of another site and passes; one from an origin that may not send
 * is refused before anything is read.
 */
export function allowedOrigins(isAllowed: OriginRule) {
  return createMiddleware<CollectorEnv>(async function allowedOrigins(c, next) {
    const origin = c.req.header("origin");
    c.header("Vary", "Origin");
    if (origin === undefined) return next();
    if (!isAllowed(origin, c.req.header("host"))) return errorAnswer(c, "origin_not_allowed");

    for (const [name, value] of corsHeaders(origin)) c.header(name, value);
    if (c.req.method !== "OPTIONS") return next();
    c.header("Access-Control-Allow-Methods", "GET, POST, DELETE, OPTIONS");
    c.header("Access-Control-Allow-Headers", "Content-Type, Content-Encoding, Authorization, X-Request-Id");
    c.header("Access-Control-Max-Age", PREFLIGHT_MAX_AGE_SECONDS);
    return c.body(null, 204);
  });
}
