import { createHash, timingSafeEqual } from "node:crypto";
import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import type { CollectorEnv } from "../env.ts";
import { errorAnswer } from "../error-answer.ts";

const LOOPBACK_HOST = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/i;

/**
 * Lets readers in who know the token. Without a token only this machine reads: the request must name this machine and
 * not come through a proxy, so that neither a forgotten proxy nor a page that rebinds its DNS name opens the data.
 * @param token `undefined`: reads are open on loopback
 */
export function readToken(token: string | undefined) {
  const expected = token === undefined ? undefined : digest(token);

  return createMiddleware<CollectorEnv>(async function readToken(c, next) {
    const given = /^Bearer (.+)$/i.exec(c.req.header("authorization") ?? "")?.[1];
    const isReader = expected ? given !== undefined && timingSafeEqual(digest(given), expected) : isLocal(c);
    if (isReader) return next();
    c.header("WWW-Authenticate", "Bearer");
    return errorAnswer(c, "unauthorized");
  });
}

function isLocal(c: Context): boolean {
  const isProxied = c.req.header("x-forwarded-for") !== undefined || c.req.header("forwarded") !== undefined;
  return !isProxied && LOOPBACK_HOST.test(c.req.header("host") ?? "localhost");
}

/** Equal lengths for the comparison in constant time. */
function digest(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
