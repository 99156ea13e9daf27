import type { Snapshot } from "../protocol/snapshot.ts";
import { type ReadOptions, readCollector } from "./read-collector.ts";

/** Settings of `fetchSnapshot`. */
export interface FetchSnapshotOptions extends ReadOptions {
  /** How many of the latest events to ask for (default 50). The counts are over the whole ring in any case. */
  readonly limit?: number;
}

/**
 * Reads what the collector's ring holds: the latest events, newest first, and the count of each event's name.
 * @throws an Error in one sentence which names what happened and what mends it
 * @example
 * const { total, last_events } = await fetchSnapshot({ endpoint: "http://127.0.0.1:8787", limit: 5 });
 */
export async function fetchSnapshot({ limit = 50, ...options }: FetchSnapshotOptions): Promise<Snapshot> {
  return readCollector(`/api/metrics/behavior?limit=${limit}`, options, isSnapshot);
}

function isSnapshot(body: unknown, status: number): body is Snapshot {
  if (status !== 200 || typeof body !== "object" || body === null) return false;
  const { total, by_event, last_events } = body as Partial<Record<keyof Snapshot, unknown>>;
  return typeof total === "number" && isListOfEvents(by_event) && isListOfEvents(last_events);
}

function isListOfEvents(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item?.event === "string");
}
