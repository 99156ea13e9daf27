import { randomUUID } from "node:crypto";
import { createMiddleware } from "hono/factory";
import { routePath } from "hono/route";
import { describeError, type Logger } from "../../observe/logger.ts";
import type { CollectorEnv } from "../env.ts";

/** A correlation id from outside is taken over only where it is harmless in a log and a header. */
const REQUEST_ID = /^[A-Za-z0-9_-]{8,64}$/;

export interface RequestContextOptions {
  readonly logger: Logger;
  /** Route templates we know; anything else is counted as `unmatched`, so that nobody can grow our label set. */
  readonly routes: readonly string[];
  readonly onRequestStart: () => void;
  readonly onRequestEnd: (request: { method: string; route: string; status: number; seconds: number }) => void;
  readonly onError: (type: string) => void;
}

/**
 * Gives a request its correlation id, and when it is answered counts it and logs it: refusals at `info`, failures at
 * `error`, the rest at `debug`, because a line for every beacon would soon outgrow the events themselves.
 */
export function requestContext({ logger, routes, onRequestStart, onRequestEnd, onError }: RequestContextOptions) {
  return createMiddleware<CollectorEnv>(async function requestContext(c, next) {
    const startedAt = performance.now();
    const given = c.req.header("x-request-id") ?? "";
    const requestId = REQUEST_ID.test(given) ? given : randomUUID();
    c.set("requestId", requestId);
    c.header("X-Request-Id", requestId);
    onRequestStart();

    await next();

    const milliseconds = performance.now() - startedAt;
    const status = c.res.status;
    // A host app may have mounted us under a path of its own, which is no part of the label.
    const template = routePath(c, -1);
    const route = routes.find((known) => template.endsWith(known)) ?? "unmatched";
    const method = METHODS.has(c.req.method) ? c.req.method : "OTHER";
    const error = c.get("error");
    onRequestEnd({ method, route, status, seconds: milliseconds / 1000 });
    if (error) onError(error);
    logger[levelOf(status)](
      {
        request_id: requestId,
        method,
        route,
        status,
        ms: Math.round(milliseconds * 10) / 10,
        ...(error && { error }),
        ...(c.error && { cause: describeError(c.error) }),
      },
      "request",
    );
  });
}

const METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "OPTIONS", "DELETE"]);

function levelOf(status: number): "error" | "info" | "debug" {
  if (status >= 500) return "error";
  return status >= 400 ? "info" : "debug";
}
