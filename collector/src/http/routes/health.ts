import type { Health } from "@tallymark/sdk/protocol";
import { type Context, Hono } from "hono";
import type { CollectorEnv } from "../env.ts";

export interface HealthRoutesOptions {
  readonly health: () => Promise<Health>;
  /** Started, not draining, and the last write did not fail. */
  readonly isReady: () => boolean;
}

/** Health in the shape of the protocol under both its paths; liveness and readiness for whoever supervises us. */
export function healthRoutes({ health, isReady }: HealthRoutesOptions) {
  return new Hono<CollectorEnv>()
    .get("/api/metrics/behavior/health", answerHealth)
    .get("/api/metrics/health", answerHealth)
    .get("/livez", (c) => c.text("ok"))
    .get("/readyz", (c) => (isReady() ? c.text("ok") : c.text("not ready", 503)));

  async function answerHealth(c: Context) {
    const state = await health();
    c.header("Cache-Control", "no-store");
    return c.json(state, state.status === "healthy" ? 200 : 503);
  }
}
