import { createHash, timingSafeEqual } from "node:crypto";
import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import type { CollectorEnv } from "../env.ts";
import { errorAnswer } from "../error-answer.ts";

const LOOPBACK_HOST = /^(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(?::\d{1,5})?$/i;

const LOOPBACK_ADDRESS = /^(?:(?:::ffff:)?127\.|::1$)/i;

/** Whether who asks may read: they know the token, or where there is none, are on this machine. */
export type ReaderRule = (c: Context<CollectorEnv>) => boolean;

/**
 * Without a token only this machine reads: the request must come from this machine, name it and not come through a proxy,
 * so that neither a host app that listens to the world, nor a forgotten proxy, nor a page that rebinds its DNS name opens
 * the data.
 * @param token `undefined`: reads are open on loopback
 */
export function createReaderRule(token: string | undefined): ReaderRule {
  const expected = token === undefined ? undefined : digest(token);

  return function isReader(c) {
    if (!expected) return isLocal(c);
    const given = /^Bearer (.+)$/i.exec(c.req.header("authorization") ?? "")?.[1];
    return given !== undefined && timingSafeEqual(digest(given), expected);
  };
}

/** Lets readers in, and nobody else. */
export function readersOnly(isReader: ReaderRule) {
  return createMiddleware<CollectorEnv>(async function readersOnly(c, next) {
    if (isReader(c)) return next();
    c.header("WWW-Authenticate", "Bearer");
    return errorAnswer(c, "unauthorized");
  });
}

function isLocal(c: Context<CollectorEnv>): boolean {
  const isProxied = c.req.header("x-forwarded-for") !== undefined || c.req.header("forwarded") !== undefined;
  const peer = c.env?.incoming?.socket.remoteAddress;
  const isFarPeer = peer !== undefined && !LOOPBACK_ADDRESS.test(peer);
  return !isProxied && !isFarPeer && LOOPBACK_HOST.test(c.req.header("host") ?? "localhost");
}

/** Equal lengths for the comparison in constant time. */
function digest(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
