import type { Health } from "../protocol/snapshot.ts";
import { type ReadOptions, readCollector } from "./read-collector.ts";

/** Settings of `fetchHealth`. */
export type FetchHealthOptions = ReadOptions;

/**
 * Reads how the collector is. A collector that cannot store events answers 503; that is a `degraded` health with its
 * `reason`, not an error.
 * @throws an Error in one sentence which names what happened and what mends it
 */
export async function fetchHealth(options: FetchHealthOptions): Promise<Health> {
  return readCollector("/api/metrics/health", options, isHealth);
}

function isHealth(body: unknown, status: number): body is Health {
  if ((status !== 200 && status !== 503) || typeof body !== "object" || body === null || !("status" in body))
    return false;
  return body.status === "healthy" || body.status === "degraded";
}
