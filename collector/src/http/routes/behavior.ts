import { Hono } from "hono";
import { takeSnapshot, type WeightedEvent } from "../../snapshot/take-snapshot.ts";
import type { CollectorEnv } from "../env.ts";

const DEFAULT_LIMIT = 50;

/** `GET /behavior?limit=50`: the events in the ring, summed up, the newest in full. */
export function behaviorRoutes(newestFirst: () => readonly WeightedEvent[]) {
  return new Hono<CollectorEnv>().get("/behavior", (c) => {
    c.header("Cache-Control", "no-store");
    const limit = c.req.query("limit") ?? "";
    return c.json(takeSnapshot(newestFirst(), /^\d{1,7}$/.test(limit) ? Number(limit) : DEFAULT_LIMIT));
  });
}
