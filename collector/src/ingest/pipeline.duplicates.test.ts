import type { RecentEvent } from "@tallymark/sdk/protocol";
import { describe, expect, test, vi } from "vitest";
import { SinkError } from "../store/sink.ts";
import type { IngestContext } from "./context.ts";
import { createPipeline, type IngestCounts, type PipelineOptions } from "./pipeline.ts";
import { createSeenIds } from "./seen-ids.ts";

const NOW = Date.parse("2026-11-20T12:00:00Z");
const DAY_MS = 86_400_000;
const CONTEXT: IngestContext = { receivedAt: NOW, userAgent: "", address: "192.0.2.1" };
const FILE = "metrics-2026-11-20.jsonl";

/** A sink whose appends the test settles, one by one and in any order. */
function createManualSink() {
  const appends: { lines: readonly string[]; store: () => void; fail: (error: Error) => void }[] = [];
  return {
    file: FILE,
    appends,
    append: (lines: readonly string[]) =>
      new Promise<string>((resolve, reject) => {
        appends.push({ lines, store: () => resolve(FILE), fail: reject });
      }),
  };
}

function setUp(options: Partial<PipelineOptions> = {}) {
  const stored: string[] = [];
  const recent: { event: RecentEvent; weight: number }[] = [];
  const counts: IngestCounts[] = [];
  const sink = {
    file: FILE,
    append: vi.fn(async (lines: readonly string[]) => {
      stored.push(...lines);
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
    onRecent: (event, weight) => recent.push({ event, weight }),
    onCounts: (count) => counts.push(count),
    ...options,
  });
  const ids = () => stored.map((line) => JSON.parse(line).id);
  return { ingest: (events: readonly unknown[]) => ingest(events, CONTEXT), sink, stored, recent, counts, ids };
}

const event = (id: string, more: object = {}) => ({ event: "x", visitor_id: "v", id, ...more });

describe("an id that comes again", () => {
  test("counts once within a batch", async () => {
    const { ingest, stored, recent } = setUp();
    expect(await ingest([event("a", { title: "first" }), event("a", { title: "second" })])).toMatchObject({
      accepted: 1,
      stored: 1,
      duplicates: 1,
    });
    expect(stored).toHaveLength(1);
    expect(stored[0]).toContain("first");
    expect(recent).toHaveLength(1);
  });

  test("counts once across requests", async () => {
    const { ingest, ids } = setUp();
    await ingest([event("a")]);
    expect(await ingest([event("a"), event("b")])).toMatchObject({ accepted: 1, stored: 1, duplicates: 1 });
    expect(ids()).toEqual(["a", "b"]);
  });

  test("was not used up by an event that was rejected", async () => {
    const { ingest } = setUp();
    await ingest([event("a", { ts: 0 })]);
    expect(await ingest([event("a")])).toMatchObject({ accepted: 1, duplicates: 0 });
  });

  test("waits for the first try where that still waits for the disk, and is answered only after it", async () => {
    const sink = createManualSink();
    const { ingest } = setUp({ sink });
    const first = ingest([event("a")]);
    const settled = vi.fn();
    const retry = ingest([event("a")]).finally(settled);
    await vi.waitFor(() => expect(sink.appends).toHaveLength(1));
    await new Promise(setImmediate);
    expect(settled).not.toHaveBeenCalled();
    sink.appends[0]?.store();
    expect(await first).toMatchObject({ accepted: 1, duplicates: 0 });
    expect(await retry).toMatchObject({ accepted: 0, stored: 0, duplicates: 1 });
    expect(sink.appends).toHaveLength(1);
  });

  test("fails with the first try where that fails, and then may come a third time", async () => {
    const sink = createManualSink();
    const { ingest, counts, recent } = setUp({ sink });
    const tries = [ingest([event("a")]), ingest([event("a")])];
    sink.appends[0]?.fail(new SinkError("disk_full"));
    expect((await Promise.allSettled(tries)).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(recent).toEqual([]);
    expect(counts.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(0);

    const third = ingest([event("a")]);
    sink.appends[1]?.store();
    expect(await third).toMatchObject({ accepted: 1, stored: 1, duplicates: 0 });
  });

  test("takes the events beside it down with it where the try it waited for fails: nothing is stored or counted", async () => {
    const sink = createManualSink();
    const { ingest, counts, recent } = setUp({ sink });
    const tries = [ingest([event("a")]), ingest([event("b"), event("a")])];
    sink.appends[0]?.fail(new SinkError("io"));
    expect((await Promise.allSettled(tries)).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(sink.appends).toHaveLength(1);
    expect(counts).toEqual([]);
    expect(recent).toEqual([]);

    const retry = ingest([event("b"), event("a")]);
    sink.appends[1]?.store();
    expect(await retry).toMatchObject({ accepted: 2, duplicates: 0 });
    expect(sink.appends[1]?.lines.map((line) => JSON.parse(line).id)).toEqual(["b", "a"]);
  });

  test("lets the events beside it through where the try it waited for succeeds", async () => {
    const sink = createManualSink();
    const { ingest } = setUp({ sink });
    const first = ingest([event("a")]);
    const second = ingest([event("b"), event("a")]);
    sink.appends[0]?.store();
    expect(await first).toMatchObject({ accepted: 1 });
    await vi.waitFor(() => expect(sink.appends).toHaveLength(2));
    sink.appends[1]?.store();
    expect(await second).toMatchObject({ accepted: 1, stored: 1, duplicates: 1 });
  });
});

describe("a sink that fails", () => {
  test("leaves nothing half accepted: not shown, not counted, not remembered", async () => {
    const sink = createManualSink();
    const { ingest, counts, recent } = setUp({ sink });
    const failed = ingest([event("a"), event("b")]);
    sink.appends[0]?.fail(new SinkError("disk_full"));
    await expect(failed).rejects.toMatchObject({ reason: "disk_full" });
    expect(recent).toEqual([]);
    expect(counts).toEqual([]);

    const retry = ingest([event("a"), event("b")]);
    sink.appends[1]?.store();
    expect(await retry).toMatchObject({ accepted: 2, duplicates: 0 });
  });
});
