import { rmSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createTestCollector } from "../create-test-collector.ts";
import { diskError, fileHandlePrototype } from "../file-handle-prototype.ts";
import { readDataFolder } from "../read-data-folder.ts";

const KIBIBYTE = 1024;
const ROUTES = ["/event", "/events"] as const;

afterEach(() => {
  vi.restoreAllMocks();
});

/** A valid body of exactly this many bytes. */
function bodyOf(bytes: number): string {
  const event = (title: string) => JSON.stringify({ event: "x", unknown: title });
  return event("x".repeat(bytes - event("").length));
}

describe.each(ROUTES)("%s refuses", (route) => {
  test.each(["", "{", "<xml/>", "event=x", "\0", '{"event":"x"}{"event":"y"}', "[".repeat(30_000)])(
    "broken JSON with 400: %.20j",
    async (body) => {
      const { post, dataDir } = await createTestCollector();
      const answer = await post(route, body);
      expect(answer.status).toBe(400);
      expect(await answer.text()).toBe('{"ok":false,"error":"invalid_json"}');
      expect(readDataFolder(dataDir)).toEqual([]);
    },
  );

  test.each(["null", "1", '"s3cret"', "true"])(
    "JSON that is no object with 400, and repeats nothing of it: %s",
    async (body) => {
      const { post } = await createTestCollector();
      const answer = await post(route, body);
      expect(answer.status).toBe(400);
      expect(await answer.text()).toBe(
        '{"ok":false,"error":"invalid_event","issues":[{"path":"","message":"must be a JSON object"}]}',
      );
    },
  );

  test.each([
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "application/jsonp",
    "text/html",
    "image/png",
    "",
  ])("a body of type %j with 415", async (type) => {
    const { post, dataDir } = await createTestCollector();
    const answer = await post(route, { event: "x", events: [] }, { "Content-Type": type });
    expect(answer.status).toBe(415);
    expect(await answer.json()).toEqual({ ok: false, error: "unsupported_type" });
    expect(readDataFolder(dataDir)).toEqual([]);
  });

  test.each(["br", "deflate", "zstd", "gzip, gzip"])("a body encoded as %s with 415", async (encoding) => {
    const { post } = await createTestCollector();
    expect((await post(route, { event: "x", events: [] }, { "Content-Encoding": encoding })).status).toBe(415);
  });

  test.each([
    ["not gzip at all", Buffer.from('{"event":"x"}')],
    ["cut off", gzipSync('{"event":"x"}').subarray(0, 20)],
    ["empty", Buffer.alloc(0)],
  ])("a gzip body that is %s with 400", async (_title, body) => {
    const { post } = await createTestCollector();
    const answer = await post(route, body, { "Content-Encoding": "gzip" });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({ ok: false, error: "invalid_json" });
  });

  test("a body over 64 KiB with 413, whether its length is told, hidden or a lie", async () => {
    const { post, app, dataDir } = await createTestCollector();
    const tooMuch = bodyOf(64 * KIBIBYTE + 1);
    const told = { "Content-Length": String(tooMuch.length) };
    for (const headers of [told, {}, { "Content-Length": "10" }]) {
      const answer = await post(route, tooMuch, headers as Record<string, string>);
      expect(answer.status).toBe(413);
      expect(await answer.json()).toEqual({ ok: false, error: "too_large" });
      expect(answer.headers.get("Connection")).toBe("close");
    }
    const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(10_000)) });
    const init = { method: "POST", headers: { "Content-Type": "text/plain" }, body: endless, duplex: "half" };
    expect((await app.request(`/api/metrics${route}`, init as RequestInit)).status).toBe(413);
    expect(readDataFolder(dataDir)).toEqual([]);
  });

  test("bodies that explode when decompressed with 413, without growing in memory", async () => {
    const { post } = await createTestCollector();
    const bomb = gzipSync(Buffer.alloc(48 * KIBIBYTE * KIBIBYTE, " "));
    expect(bomb.length).toBeLessThan(64 * KIBIBYTE);
    const before = process.memoryUsage().rss;
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => post(route, bomb, { "Content-Encoding": "gzip" })),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([413]));
    // Together the twenty would be 960 MiB.
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * KIBIBYTE * KIBIBYTE);
  });

  test("what cannot be stored with 503, and takes it once the disk is well again", async () => {
    const { post, get, dataDir } = await createTestCollector();
    const body = { event: "x", id: "one", events: [{ event: "x", id: "one" }] };
    const write = vi.spyOn(await fileHandlePrototype(), "write").mockRejectedValue(diskError("ENOSPC"));
    const answer = await post(route, body);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toEqual({ ok: false, error: "unavailable", retry_after: 5 });
    expect(answer.headers.get("Retry-After")).toBe("5");
    expect((await get("/readyz")).status).toBe(503);
    const health = await get("/api/metrics/health");
    expect(health.status).toBe(503);
    expect(await health.json()).toMatchObject({ status: "degraded", reason: "disk_full" });
    expect(readDataFolder(dataDir)).toEqual([]);

    write.mockRestore();
    expect((await post(route, body)).status).toBe(202);
    expect(readDataFolder(dataDir)).toHaveLength(1);
    expect((await get("/readyz")).status).toBe(200);
    expect((await get("/api/metrics/health")).status).toBe(200);
  });

  test("everything with 503 and a closed connection while it drains", async () => {
    const { post, collector, dataDir } = await createTestCollector();
    collector.drain();
    const answer = await post(route, { event: "x", events: [] });
    expect(answer.status).toBe(503);
    expect(answer.headers.get("Connection")).toBe("close");
    expect(answer.headers.get("Retry-After")).toBe("5");
    expect(await answer.json()).toMatchObject({ ok: false, error: "unavailable" });
    expect(readDataFolder(dataDir)).toEqual([]);
  });
});

describe("a refusal", () => {
  test("is not made of 64 KiB exactly", async () => {
    const { post } = await createTestCollector();
    expect((await post("/event", bodyOf(64 * KIBIBYTE))).status).toBe(202);
    expect((await post("/event", gzipSync(bodyOf(64 * KIBIBYTE)), { "Content-Encoding": "gzip" })).status).toBe(202);
    expect((await post("/event", gzipSync(bodyOf(64 * KIBIBYTE + 1)), { "Content-Encoding": "gzip" })).status).toBe(
      413,
    );
  });

  test("of an event names every broken rule with its path", async () => {
    const { post } = await createTestCollector();
    const answer = await post("/event", { event: "1", ts: "now", metadata: [] });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({
      ok: false,
      error: "invalid_event",
      issues: [
        { path: "event", message: "must be 1–64 characters: a letter, then letters, digits, _ . : or -" },
        { path: "ts", message: "must be a number of milliseconds" },
        { path: "metadata", message: "must be an object" },
      ],
    });
  });

  test.each([
    [{ ts: 0 }, "must not be older than the collector keeps events"],
    [{ ts: 1e15 }, "must not be more than 24 hours ahead of the collector's clock"],
  ])("of a wrong time says which rule: %o", async (fields, message) => {
    const { post } = await createTestCollector();
    const answer = await post("/event", { event: "x", ...fields });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({ ok: false, error: "invalid_event", issues: [{ path: "ts", message }] });
  });

  test.each([
    [{}, "events", "must be an array of events"],
    [{ events: {} }, "events", "must be an array of events"],
    [{ events: "s3cret" }, "events", "must be an array of events"],
    [[{ event: "x" }], "events", "must be an array of events"],
    [{ events: [], sent_at: "now" }, "sent_at", "must be a number of milliseconds"],
    [{ events: [], sent_at: 0.5 }, "sent_at", "must be whole milliseconds"],
    [{ events: [], sdk: 1 }, "sdk", "must be a string"],
    [{ events: [], sdk: "x".repeat(65) }, "sdk", "must be at most 64 characters"],
    [{ events: [], dropped: 1 }, "dropped", "must be an object of counts"],
    [{ events: [], dropped: { quota: -1 } }, "dropped.quota", "must not be negative"],
    [{ events: [], dropped: { quota: 0.5 } }, "dropped.quota", "must be whole"],
    [{ events: [], dropped: { quota: "s3cret" } }, "dropped.quota", "must be a number"],
  ])("of a batch %j says what is wrong with it as a whole", async (batch, path, message) => {
    const { post } = await createTestCollector();
    const answer = await post("/events", batch);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({ ok: false, error: "invalid_event", issues: [{ path, message }] });
  });

  test("of a full queue is 503, and what was waiting is stored all the same", async () => {
    const { post, dataDir } = await createTestCollector({ queueCapacity: 2 });
    const events = (name: string) => ({ events: [{ event: name }, { event: name }] });
    const answers = await Promise.all([post("/events", events("first")), post("/events", events("second"))]);
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 503]);
    expect(readDataFolder(dataDir)).toHaveLength(2);
  });

  test.each([
    ["GET", "/api/metrics/event"],
    ["PUT", "/api/metrics/event"],
    ["DELETE", "/api/metrics/behavior"],
    ["POST", "/api/metrics/nothing"],
    ["GET", "/"],
    ["GET", "/..%2f..%2fetc/passwd"],
    ["POST", "/metrics"],
  ])("of %s %s is 404 as JSON", async (method, path) => {
    const { app } = await createTestCollector();
    const answer = await app.request(path, { method });
    expect(answer.status).toBe(404);
    expect(await answer.json()).toEqual({ ok: false, error: "not_found" });
  });

  test("for reasons unforeseen is 500, without a word about them", async () => {
    const { get, app, logLines } = await createTestCollector();
    app.get("/boom", () => {
      throw new Error("s3cret");
    });
    const answer = await get("/boom");
    expect(answer.status).toBe(500);
    expect(await answer.text()).toBe('{"ok":false,"error":"internal"}');
    expect(logLines.join()).toContain('"error":"internal"');
    expect(logLines.join()).not.toContain("s3cret");
  });

  test("leaves the metrics readable even where the data folder is gone", async () => {
    const { get, dataDir } = await createTestCollector();
    rmSync(dataDir, { recursive: true });
    const answer = await get("/metrics");
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain("tallymark_events_received_total 0");
    expect(await (await get("/api/metrics/health")).json()).toMatchObject({
      status: "degraded",
      reason: "file_missing",
      file: null,
      file_exists: false,
    });
  });
});
