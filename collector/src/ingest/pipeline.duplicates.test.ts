import { describe, expect, test, vi } from "vitest";
import { createTestPipeline, event, FILE } from "../../test/create-test-pipeline.ts";
import { SinkError } from "../store/sink.ts";

/** A sink whose appends the test settles, one by one and in any order. */
function createManualSink() {
  const appends: { lines: readonly string[]; store: () => void; fail: (error: Error) => void }[] = [];
  return {
    file: FILE,
    appends,
    append: (bytes: Buffer) =>
      new Promise<string>((resolve, reject) => {
        const lines = bytes.toString().split("\n").slice(0, -1);
        appends.push({ lines, store: () => resolve(FILE), fail: reject });
      }),
  };
}

describe("an id that comes again", () => {
  test("counts once within a batch", async () => {
    const { ingest, stored, recent } = createTestPipeline();
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
    const { ingest, ids } = createTestPipeline();
    await ingest([event("a")]);
    expect(await ingest([event("a"), event("b")])).toMatchObject({ accepted: 1, stored: 1, duplicates: 1 });
    expect(ids()).toEqual(["a", "b"]);
  });

  test("was not used up by an event that was rejected", async () => {
    const { ingest } = createTestPipeline();
    await ingest([event("a", { ts: 0 })]);
    expect(await ingest([event("a")])).toMatchObject({ accepted: 1, duplicates: 0 });
  });

  test("waits for the first try where that still waits for the disk, and is answered only after it", async () => {
    const sink = createManualSink();
    const { ingest } = createTestPipeline({ sink });
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
    const { ingest, counts, recent } = createTestPipeline({ sink });
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
    const { ingest, counts, recent } = createTestPipeline({ sink });
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
    const { ingest } = createTestPipeline({ sink });
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
    const { ingest, counts, recent } = createTestPipeline({ sink });
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
