import { createMiddleware } from "hono/factory";
import { routePath } from "hono/route";
import type { CollectorEnv } from "../env.ts";
import type { RequestLog } from "../request-log.ts";

/**
 * Opens and ends a request in the log.
 * @param routes route templates we know; anything else is counted as `unmatched`
 */
export function requestContext(requestLog: RequestLog, routes: readonly string[]) {
  return createMiddleware<CollectorEnv>(async function requestContext(c, next) {
    const request = requestLog.start(c.req.header("x-request-id"));
    c.set("requestId", request.id);
    c.header("X-Request-Id", request.id);

    await next();

    // A host app may have mounted us under a path of its own, which is no part of the label.
    const template = routePath(c, -1);
    requestLog.end(request, {
      method: c.req.method,
      route: routes.find((known) => template.endsWith(known)) ?? "unmatched",
      status: c.res.status,
      error: c.get("error"),
      cause: c.error,
    });
  });
}
