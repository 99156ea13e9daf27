import { createMiddleware } from "hono/factory";
import type { CollectorEnv } from "../env.ts";
import { errorAnswer } from "../error-answer.ts";

/** While the process drains, new events are refused and their connections closed: the SDK keeps them and comes back. */
export function refuseWhileDraining(isDraining: () => boolean) {
  return createMiddleware<CollectorEnv>(async function refuseWhileDraining(c, next) {
    if (!isDraining()) return next();
    c.header("Connection", "close");
    return errorAnswer(c, "unavailable");
  });
}
