import { readdirSync } from "node:fs";
import { gzipSync } from "node:zlib";
import type { EventAnswer, Snapshot } from "@tallymark/sdk/protocol";
import { describe, expect, test } from "vitest";
import { createTestCollector, FILE, NOW } from "../create-test-collector.ts";
import { jsonOf } from "../json-of.ts";
import { readDataFolder } from "../read-data-folder.ts";

describe("POST /api/metrics/event", () => {
  test("answers 202 with what was stored and where", async () => {
    const { post, dataDir } = await createTestCollector();
    const answer = await post("/event", '{"visitor_id":"smoke-test","event":"page_view","metadata":{}}');
    expect(answer.status).toBe(202);
    expect(await answer.text()).toBe(`{"ok":true,"stored":1,"file":"${FILE}"}`);
    expect(readDataFolder(dataDir)).toEqual([
      {
        event: "page_view",
        visitor_id: "smoke-test",
        metadata: {},
        id: expect.stringMatching(/^[0-9a-f]{32}$/),
        ts: NOW,
        sample_rate: 1,
        received_at: "2026-11-20T12:00:00.000Z",
      },
    ]);
    expect(readdirSync(dataDir).sort()).toEqual([".tallymark", FILE, "metrics.jsonl"]);
  });

  test.each(["application/json", "application/json; charset=utf-8", "text/plain", "Text/Plain;charset=UTF-8"])(
    "accepts %s",
    async (type) => {
      const { post, dataDir } = await createTestCollector();
      expect((await post("/event", { event: "x" }, { "Content-Type": type })).status).toBe(202);
      expect(readDataFolder(dataDir)).toHaveLength(1);
    },
  );

  test("accepts a compressed body", async () => {
    const { post, dataDir } = await createTestCollector();
    const body = gzipSync('{"event":"compressed"}');
    expect((await post("/event", body, { "Content-Encoding": "gzip" })).status).toBe(202);
    expect((await post("/event", { event: "plain" }, { "Content-Encoding": "identity" })).status).toBe(202);
    expect(readDataFolder(dataDir).map(({ event }) => event)).toEqual(["compressed", "plain"]);
  });

  test("takes sent_at beside the event, corrects the clock by it and does not store it", async () => {
    const { post, dataDir } = await createTestCollector();
    const answer = await post("/event", { event: "x", ts: 1000, sent_at: 4000 });
    expect(await answer.json()).toEqual({ ok: true, stored: 1, file: FILE });
    expect(readDataFolder(dataDir)).toEqual([expect.objectContaining({ ts: NOW - 3000 })]);
    expect(readDataFolder(dataDir)[0]).not.toHaveProperty("sent_at");
  });

  test("never stores a key it does not know, and names it", async () => {
    const { post, dataDir } = await createTestCollector();
    const answer = await post("/event", { event: "x", ip: "192.0.2.1", newer: { a: 1 } });
    expect(await answer.json()).toEqual({ ok: true, stored: 1, file: FILE, ignored: ["ip", "newer"] });
    expect(Object.keys(readDataFolder(dataDir)[0] ?? {})).not.toContain("ip");
    expect(JSON.stringify(readDataFolder(dataDir))).not.toContain("newer");
  });

  test("names at most twenty unknown keys, and of each no more than 64 characters", async () => {
    const { post } = await createTestCollector();
    const keys = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`${n}-${"k".repeat(100)}`, n]));
    const { ignored = [] } = await jsonOf<EventAnswer>(await post("/event", { event: "x", ...keys }));
    expect(ignored).toHaveLength(20);
    for (const name of ignored) expect(name.length).toBeLessThanOrEqual(64);
  });

  test("counts the same id once, also across both routes", async () => {
    const { post, dataDir } = await createTestCollector();
    expect(await (await post("/event", { event: "x", id: "one" })).json()).toMatchObject({ stored: 1 });
    const again = await post("/event", { event: "x", id: "one" });
    expect(again.status).toBe(202);
    expect(await again.json()).toEqual({ ok: true, stored: 0, file: FILE });
    expect(await (await post("/events", { events: [{ event: "x", id: "one" }] })).json()).toMatchObject({
      accepted: 0,
      stored: 0,
      duplicates: 1,
    });
    expect(readDataFolder(dataDir)).toHaveLength(1);
  });

  test("stores nothing where sampling drops it, says so, and still shows it", async () => {
    const { post, get, dataDir } = await createTestCollector({ sampleRate: 0 });
    const answer = await post("/event", { event: "x" });
    expect(answer.status).toBe(202);
    expect(await answer.json()).toEqual({ ok: true, stored: 0, file: FILE });
    expect(readDataFolder(dataDir)).toEqual([]);
    const { last_events } = await jsonOf<Snapshot>(await get("/api/metrics/behavior"));
    expect(last_events).toEqual([expect.objectContaining({ event: "x", stored: false })]);
  });
});

describe("POST /api/metrics/events", () => {
  test("answers 202 with the sum of what became of the batch", async () => {
    const { post, dataDir } = await createTestCollector();
    const answer = await post("/events", {
      sent_at: NOW,
      sdk: "@tallymark/sdk@0.1.0",
      dropped: { quota: 2 },
      events: [
        { event: "a", id: "1" },
        { event: "b", id: "1" },
        { event: "9" },
        { event: "c", ts: 0 },
        { event: "d", ts: NOW + 2 * 86_400_000 },
        { event: "e", extra: 1 },
      ],
    });
    expect(answer.status).toBe(202);
    expect(await answer.json()).toEqual({
      ok: true,
      accepted: 2,
      stored: 2,
      duplicates: 1,
      rejected: [
        {
          index: 2,
          reason: "schema",
          detail: "event must be 1–64 characters: a letter, then letters, digits, _ . : or -",
        },
        { index: 3, reason: "too_old", detail: "ts must not be older than the collector keeps events" },
        { index: 4, reason: "too_new", detail: "ts must not be more than 24 hours ahead of the collector's clock" },
      ],
      file: FILE,
      ignored: ["extra"],
    });
    expect(readDataFolder(dataDir).map(({ event }) => event)).toEqual(["a", "e"]);
  });

  test("needs no more than the events, and takes an empty list", async () => {
    const { post, dataDir } = await createTestCollector();
    const empty = { ok: true, accepted: 0, stored: 0, duplicates: 0, rejected: [], file: FILE };
    expect(await (await post("/events", { events: [] })).json()).toEqual(empty);
    expect(await (await post("/events", { events: [{ event: "x" }] })).json()).toEqual({
      ...empty,
      accepted: 1,
      stored: 1,
    });
    expect(readDataFolder(dataDir)).toHaveLength(1);
  });

  test("takes 500 events in the order they come, and not one more", async () => {
    const { post, dataDir } = await createTestCollector();
    const events = Array.from({ length: 500 }, (_, n) => ({ event: "x", id: `e${n}` }));
    expect(await (await post("/events", { events })).json()).toMatchObject({ accepted: 500, stored: 500 });
    expect(readDataFolder(dataDir).map(({ id }) => id)).toEqual(events.map(({ id }) => id));

    const answer = await post("/events", { events: [...events, { event: "x", id: "new" }] });
    expect(answer.status).toBe(413);
    expect(await answer.json()).toEqual({ ok: false, error: "too_large" });
    expect(readDataFolder(dataDir)).toHaveLength(500);
  });

  test("names unknown keys of the batch and of its events, each once", async () => {
    const { post } = await createTestCollector();
    const answer = await post("/events", {
      batch_key: 1,
      events: [
        { event: "x", key: 1 },
        { event: "y", key: 2 },
      ],
    });
    expect(await answer.json()).toMatchObject({ accepted: 2, ignored: ["batch_key", "key"] });
  });

  test("counts what SDKs had to give up, and says nothing of why", async () => {
    const { post, get } = await createTestCollector();
    await post("/events", { dropped: { quota: 2, "<script>": 3 }, events: [] });
    const text = await (await get("/metrics")).text();
    expect(text).toMatch(/^tallymark_client_dropped_events_total 5$/m);
    expect(text).not.toContain("script>");
  });

  test("keeps hostile keys as data", async () => {
    const { post, dataDir } = await createTestCollector();
    const body =
      '{"events":[{"event":"x","metadata":{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}}]}';
    expect((await post("/events", body)).status).toBe(202);
    expect(JSON.stringify(readDataFolder(dataDir)[0]?.metadata)).toBe(
      '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
    );
    expect("polluted" in {}).toBe(false);
  });
});
