import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import type { CollectorEnv } from "../env.ts";
import { errorAnswer } from "../error-answer.ts";

/** Two hours, the most Chromium keeps a preflight answer: https://fetch.spec.whatwg.org/#http-access-control-max-age */
const PREFLIGHT_MAX_AGE_SECONDS = "7200";

const LOCALHOST = /^https?:\/\/(?:localhost|[a-z0-9-]+\.localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/i;

/**
 * CORS by allow-list (https://fetch.spec.whatwg.org/#http-cors-protocol). A request without `Origin` does not come from
 * a page of another site and passes; one from an origin that is not listed is refused before anything is read.
 * @param patterns exact origins, or with one `*.` label in front of the host; `undefined`: same origin and localhost
 */
export function allowedOrigins(patterns: readonly string[] | undefined) {
  const matchers = patterns?.map(matcherOf);

  return createMiddleware<CollectorEnv>(async function allowedOrigins(c, next) {
    const origin = c.req.header("origin");
    c.header("Vary", "Origin");
    if (origin === undefined) return next();
    if (!isAllowed(c, origin)) return errorAnswer(c, "origin_not_allowed");

    c.header("Access-Control-Allow-Origin", origin);
    c.header("Access-Control-Expose-Headers", "X-Request-Id, Retry-After");
    if (c.req.method !== "OPTIONS") return next();
    c.header("Access-Control-Allow-Methods", "GET, POST, OPTIONS");
    c.header("Access-Control-Allow-Headers", "Content-Type, Content-Encoding, Authorization, X-Request-Id");
    c.header("Access-Control-Max-Age", PREFLIGHT_MAX_AGE_SECONDS);
    return c.body(null, 204);
  });

  function isAllowed(c: Context, origin: string): boolean {
    if (isSameOrigin(c, origin)) return true;
    return matchers ? matchers.some((matches) => matches(origin)) : LOCALHOST.test(origin);
  }
}

/** Compares hosts only: behind a proxy that ends TLS the page says https and we hear http. */
function isSameOrigin(c: Context, origin: string): boolean {
  return URL.canParse(origin) && new URL(origin).host === c.req.header("host")?.toLowerCase();
}

function matcherOf(pattern: string): (origin: string) => boolean {
  const [scheme, host] = pattern.toLowerCase().split("://*.");
  if (host === undefined) return (origin) => origin.toLowerCase() === pattern.toLowerCase();
  return (origin) => {
    const prefix = `${scheme}://`;
    const suffix = `.${host}`;
    const lower = origin.toLowerCase();
    if (!lower.startsWith(prefix) || !lower.endsWith(suffix)) return false;
    return /^[a-z0-9-]+$/.test(lower.slice(prefix.length, -suffix.length));
  };
}
