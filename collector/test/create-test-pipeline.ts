import { vi } from "vitest";
import type { IngestContext } from "../src/ingest/context.ts";
import { createPipeline, type IngestCounts, type PipelineOptions } from "../src/ingest/pipeline.ts";
import { weightedEvent } from "../src/ingest/recent.ts";
import { createSeenIds } from "../src/ingest/seen-ids.ts";

export const NOW = Date.parse("2026-11-20T12:00:00Z");
export const FILE = "metrics-2026-11-20.jsonl";

const DAY_MS = 86_400_000;
const CONTEXT: IngestContext = { receivedAt: NOW, userAgent: "", address: () => "192.0.2.1" };

/** A pipeline with everything round it in memory, and what came out of it. */
export function createTestPipeline(options: Partial<PipelineOptions> = {}) {
  const stored: string[] = [];
  const recent: ReturnType<typeof weightedEvent>[] = [];
  const counts: IngestCounts[] = [];
  const sink = {
    file: FILE,
    append: vi.fn(async (lines: Buffer, _events: number, _receivedAt?: number) => {
      stored.push(...lines.toString().split("\n").slice(0, -1));
      return FILE;
    }),
  };
  const ingest = createPipeline({
    sink,
    seenIds: createSeenIds(100),
    sampleRate: 1,
    isSampled: () => true,
    maxAgeMs: 30 * DAY_MS,
    readDevice: () => undefined,
    dailyVisitor: () => "daily",
    onRecent: (accepted) => recent.push(weightedEvent(accepted)),
    onCounts: (count) => counts.push(count),
    ...options,
  });
  const ids = () => stored.map((line) => JSON.parse(line).id);
  return { ingest: (events: readonly unknown[]) => ingest(events, CONTEXT), sink, stored, recent, counts, ids };
}

/** A valid event. */
export const event = (id: string, more: object = {}) => ({ event: "x", visitor_id: "v", id, ...more });
