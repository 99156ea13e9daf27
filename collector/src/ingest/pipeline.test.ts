import { describe, expect, test, vi } from "vitest";
import { createTestPipeline, event, FILE, NOW } from "../../test/create-test-pipeline.ts";

describe("the pipeline", () => {
  test("stores good events in order, shows them and counts them", async () => {
    const { ingest, recent, counts, ids } = createTestPipeline();
    expect(await ingest([event("a"), event("b")])).toEqual({
      accepted: 2,
      stored: 2,
      duplicates: 0,
      rejected: [],
      file: FILE,
      ignored: [],
    });
    expect(ids()).toEqual(["a", "b"]);
    expect(recent.map(({ event: { id, stored }, weight }) => [id, stored, weight])).toEqual([
      ["a", true, 1],
      ["b", true, 1],
    ]);
    expect(counts).toEqual([{ accepted: 2, stored: 2, duplicates: 0, rejected: {} }]);
  });

  test("never lets a bad event sink a good one, and says where and why", async () => {
    const { ingest, ids, counts } = createTestPipeline();
    const batch = [
      event("a"),
      null,
      event("b", { event: "" }),
      event("c", { ts: 0 }),
      event("d"),
      event("e", { ts: 1e15 }),
    ];
    const { rejected, ...outcome } = await ingest(batch);
    expect(outcome).toMatchObject({ accepted: 2, stored: 2, duplicates: 0 });
    expect(ids()).toEqual(["a", "d"]);
    expect(rejected.map(({ index, reason }) => [index, reason])).toEqual([
      [1, "schema"],
      [2, "schema"],
      [3, "too_old"],
      [5, "too_new"],
    ]);
    expect(rejected.map(({ detail }) => detail)).toEqual([
      "must be a JSON object",
      "event must be 1–64 characters: a letter, then letters, digits, _ . : or -",
      "ts must not be older than the collector keeps events",
      "ts must not be more than 24 hours ahead of the collector's clock",
    ]);
    expect(counts).toEqual([
      { accepted: 2, stored: 2, duplicates: 0, rejected: { schema: 2, too_old: 1, too_new: 1 } },
    ]);
  });

  test("does not bother the disk with a batch in which nothing is good", async () => {
    const { ingest, sink, recent } = createTestPipeline();
    expect(await ingest([null, {}])).toMatchObject({ accepted: 0, stored: 0, file: FILE });
    expect(await ingest([])).toMatchObject({ accepted: 0, stored: 0, rejected: [] });
    expect(sink.append).not.toHaveBeenCalled();
    expect(recent).toEqual([]);
  });

  test("names keys it does not know once each, from all events", async () => {
    const { ingest, stored } = createTestPipeline();
    const { ignored } = await ingest([
      event("a", { one: 1, two: 2 }),
      event("b", { two: 2 }),
      event("c", { event: 1, three: 3 }),
    ]);
    expect(ignored).toEqual(["one", "two"]);
    expect(stored.join()).not.toMatch(/"one"|"two"/);
  });

  test("counts every event once: received = accepted + rejected + duplicates", async () => {
    const { ingest, counts } = createTestPipeline();
    const batches = [
      [event("a"), event("a"), event("b")],
      [event("b"), null, event("c", { ts: 0 })],
      [],
      [event("c"), event("a"), event("d")],
    ];
    for (const batch of batches) await ingest(batch);
    for (const [index, { accepted, duplicates, rejected }] of counts.entries()) {
      const refused = Object.values(rejected).reduce((sum, count) => sum + count, 0);
      expect(accepted + duplicates + refused).toBe(batches[index]?.length);
    }
    expect(counts.map(({ accepted }) => accepted)).toEqual([2, 0, 0, 2]);
  });
});

describe("sampling", () => {
  const half = { sampleRate: 0.5, isSampled: (visitor: string) => visitor === "in" };

  test("keeps who is out off the disk, shows them all the same, and marks them", async () => {
    const { ingest, recent, ids, counts } = createTestPipeline(half);
    const batch = [event("a", { visitor_id: "in" }), event("b", { visitor_id: "out" })];
    expect(await ingest(batch)).toMatchObject({ accepted: 2, stored: 1, file: FILE });
    expect(ids()).toEqual(["a"]);
    expect(recent.map(({ event: { id, stored } }) => [id, stored])).toEqual([
      ["a", true],
      ["b", false],
    ]);
    expect(counts).toMatchObject([{ accepted: 2, stored: 1 }]);
  });

  test("stamps the product of both rates on what is stored, and weighs by the client's alone", async () => {
    const { ingest, stored, recent } = createTestPipeline(half);
    await ingest([
      event("a", { visitor_id: "in", sample_rate: 0.25 }),
      event("b", { visitor_id: "out", sample_rate: 0.2 }),
    ]);
    expect(stored.map((line) => JSON.parse(line).sample_rate)).toEqual([0.125]);
    expect(recent.map(({ event: { sample_rate }, weight }) => [sample_rate, weight])).toEqual([
      [0.125, 4],
      [0.1, 5],
    ]);
  });

  test("does not keep `stored` in the file: what is there was stored", async () => {
    const { ingest, stored } = createTestPipeline(half);
    await ingest([event("a", { visitor_id: "in" })]);
    expect(JSON.parse(stored[0] ?? "")).not.toHaveProperty("stored");
  });

  test("needs no disk where everybody is out, and still knows a retry", async () => {
    const { ingest, sink } = createTestPipeline({ sampleRate: 0, isSampled: () => false });
    expect(await ingest([event("a")])).toMatchObject({ accepted: 1, stored: 0, duplicates: 0 });
    expect(await ingest([event("a")])).toMatchObject({ accepted: 0, stored: 0, duplicates: 1 });
    expect(sink.append).not.toHaveBeenCalled();
  });

  test("decides by the daily id for visitors who send none", async () => {
    const isSampled = vi.fn(() => true);
    const { ingest } = createTestPipeline({ isSampled });
    await ingest([event("a", { visitor_id: "" })]);
    expect(isSampled).toHaveBeenCalledExactlyOnceWith("daily");
  });
});

test("a batch is stored whole or not at all: the sink is asked once", async () => {
  const { ingest, sink } = createTestPipeline();
  await ingest(Array.from({ length: 500 }, (_, n) => event(`e${n}`)));
  expect(sink.append).toHaveBeenCalledOnce();
  expect(sink.append.mock.calls[0]?.[0].toString().split("\n")).toHaveLength(501);
  expect(sink.append.mock.calls[0]?.[1]).toBe(500);
});

test("the sink is told when a line says it was received, which is the day of its file", async () => {
  const { ingest, sink, stored } = createTestPipeline();
  await ingest([event("a")]);
  expect(sink.append.mock.calls[0]?.[2]).toBe(NOW);
  expect(JSON.parse(stored[0] ?? "").received_at).toBe(new Date(NOW).toISOString());
});
