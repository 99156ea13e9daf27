import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { HttpBindings } from "@hono/node-server";
import type { Snapshot } from "@tallymark/sdk/protocol";
import { Hono } from "hono";
import { describe, expect, test } from "vitest";
import { createCollector } from "../../src/create-collector.ts";
import { createLogger } from "../../src/observe/logger.ts";
import { createTestCollector, FILE } from "../create-test-collector.ts";
import { jsonOf } from "../json-of.ts";
import { tempFolder } from "../temp-folder.ts";

const TOKEN = "0123456789abcdef";
const BEHAVIOR = "/api/metrics/behavior";

describe("GET /api/metrics/behavior", () => {
  test("sums up the ring and shows the newest first", async () => {
    const { post, get } = await createTestCollector();
    await post("/events", {
      events: [{ event: "a" }, { event: "b", sample_rate: 0.25 }, { event: "a", title: "<b>" }],
    });
    const answer = await get(`${BEHAVIOR}?limit=2`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("Cache-Control")).toBe("no-store");
    const { total, by_event, last_events, ...more } = await jsonOf<Snapshot>(answer);
    expect(total).toBe(3);
    expect(by_event).toEqual([
      { event: "a", count: 2, estimate: 2 },
      { event: "b", count: 1, estimate: 4 },
    ]);
    expect(last_events).toEqual([
      expect.objectContaining({ event: "a", title: "<b>", stored: true }),
      expect.objectContaining({ event: "b", sample_rate: 0.25, stored: true }),
    ]);
    expect(more).toEqual({});
  });

  test("is empty before the first event", async () => {
    const { get } = await createTestCollector();
    expect(await (await get(BEHAVIOR)).json()).toEqual({ total: 0, by_event: [], last_events: [] });
  });

  test.each([
    ["", 50],
    ["?limit=0", 0],
    ["?limit=1", 1],
    ["?limit=60", 60],
    ["?limit=9999999", 70],
    ["?limit=-1", 50],
    ["?limit=abc", 50],
    ["?limit=1e3", 50],
    ["?limit=99999999999999999999", 50],
  ])("shows with %j %d events", async (query, shown) => {
    const { post, get } = await createTestCollector();
    await post("/events", { events: Array.from({ length: 70 }, () => ({ event: "x" })) });
    const { total, last_events } = await jsonOf<Snapshot>(await get(`${BEHAVIOR}${query}`));
    expect(total).toBe(70);
    expect(last_events).toHaveLength(shown);
  });

  test("looks back as far as the ring goes", async () => {
    const { post, get } = await createTestCollector({ ringCapacity: 3 });
    await post("/events", { events: ["a", "b", "c", "d"].map((event) => ({ event })) });
    const { total, last_events } = await jsonOf<Snapshot>(await get(BEHAVIOR));
    expect(total).toBe(3);
    expect(last_events.map(({ event }) => event)).toEqual(["d", "c", "b"]);
  });
});

describe("the read token", () => {
  test.each([BEHAVIOR, "/metrics"])("opens %s to who knows it, and to nobody else", async (path) => {
    const { get } = await createTestCollector({ readToken: TOKEN });
    expect((await get(path, { Authorization: `Bearer ${TOKEN}` })).status).toBe(200);
    expect((await get(path, { Authorization: `bearer ${TOKEN}` })).status).toBe(200);
    for (const authorization of ["", `Bearer ${TOKEN}x`, "Bearer ", TOKEN, `Basic ${TOKEN}`, `Bearer ${TOKEN} x`]) {
      const answer = await get(path, authorization ? { Authorization: authorization } : {});
      expect(answer.status).toBe(401);
      expect(answer.headers.get("WWW-Authenticate")).toBe("Bearer");
      expect(await answer.json()).toEqual({ ok: false, error: "unauthorized" });
    }
    expect((await get(`${path}?token=${TOKEN}`)).status).toBe(401);
  });

  test("is not needed for health, liveness and readiness", async () => {
    const { get } = await createTestCollector({ readToken: TOKEN });
    for (const path of ["/api/metrics/health", "/api/metrics/behavior/health", "/livez", "/readyz"]) {
      expect((await get(path)).status).toBe(200);
    }
  });
});

describe("without a token", () => {
  test.each(["localhost", "localhost:8787", "127.0.0.1:8787", "127.0.0.2:8787", "[::1]:8787", "LOCALHOST:8787"])(
    "who asks %s may read",
    async (host) => {
      const { get } = await createTestCollector();
      expect((await get(BEHAVIOR, { Host: host })).status).toBe(200);
    },
  );

  test.each([
    "stats.example.com",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "192.0.2.1",
    "localhost:8787:1",
    "",
  ])("who asks %j may not: a page can point its own name at this machine", async (host) => {
    const { get } = await createTestCollector();
    expect((await get(BEHAVIOR, { Host: host })).status).toBe(401);
  });

  test.each(["X-Forwarded-For", "Forwarded"])(
    "who comes through a proxy that says so in %s may not",
    async (header) => {
      const { get } = await createTestCollector();
      expect((await get(BEHAVIOR, { [header]: "127.0.0.1" })).status).toBe(401);
    },
  );

  test.each([
    ["192.0.2.1", 401],
    ["::ffff:192.0.2.1", 401],
    ["2001:db8::1", 401],
    ["127.0.0.1", 200],
    ["::ffff:127.0.0.1", 200],
    ["::1", 200],
  ])("a peer at %s gets %d, whatever host it claims to ask", async (remoteAddress, status) => {
    const { app } = await createTestCollector();
    const env = { incoming: { socket: { remoteAddress } } } as unknown as HttpBindings;
    expect((await app.request(BEHAVIOR, { headers: { Host: "localhost" } }, env)).status).toBe(status);
  });
});

describe("health", () => {
  test.each(["/api/metrics/health", "/api/metrics/behavior/health"])("is told at %s", async (path) => {
    const { post, get } = await createTestCollector({ ringCapacity: 7, queueCapacity: 9 });
    await post("/event", { event: "x" });
    const answer = await get(path);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("Cache-Control")).toBe("no-store");
    expect(await answer.json()).toEqual({
      status: "healthy",
      ring_size: 1,
      ring_capacity: 7,
      queue_depth: 0,
      queue_capacity: 9,
      file: FILE,
      file_exists: true,
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    });
  });

  test("says alive from the first moment, and ready between the start and the drain", async () => {
    const logger = createLogger("silent");
    const collector = createCollector({ linkPath: join(tempFolder(), "metrics.jsonl"), rotate: false, logger });
    const statusOf = async (path: string) => (await collector.app.request(path)).status;
    expect([await statusOf("/livez"), await statusOf("/readyz")]).toEqual([200, 503]);
    await collector.start();
    expect([await statusOf("/livez"), await statusOf("/readyz")]).toEqual([200, 200]);
    collector.drain();
    expect([await statusOf("/livez"), await statusOf("/readyz")]).toEqual([200, 503]);
    await collector.close();
  });

  test("tells of a folder that cannot be used when it starts, in one sentence", async () => {
    const file = join(tempFolder(), "file");
    writeFileSync(file, "");
    const collector = createCollector({ linkPath: join(file, "metrics.jsonl"), rotate: false });
    await expect(collector.start()).rejects.toThrow(
      `Tallymark cannot write to the data folder ${file}: a part of the path is a file, not a folder.`,
    );
  });
});

test("the collector works mounted in somebody's own app", async () => {
  const { collector } = await createTestCollector();
  const app = new Hono().get("/own", (c) => c.text("own")).route("/", collector.app);
  const init = { method: "POST", headers: { "Content-Type": "application/json" }, body: '{"event":"x"}' };
  expect((await app.request("/api/metrics/event", init)).status).toBe(202);
  expect(await (await app.request("/own")).text()).toBe("own");
});

test("a restart fills the ring again and still knows its ids", async () => {
  const linkPath = join(tempFolder(), "metrics.jsonl");
  for (const stored of [1, 0, 0]) {
    const { collector, post, get } = await createTestCollector({ linkPath });
    expect(await (await post("/event", { event: "x", id: "one" })).json()).toMatchObject({ stored });
    expect(await jsonOf<Snapshot>(await get(BEHAVIOR))).toMatchObject({ total: 1 });
    await collector.close();
  }
});
