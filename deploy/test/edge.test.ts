import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { freePort } from "../../collector/test/collector-process.ts";
import { findNginx } from "./find-nginx.ts";
import { type Answer, send } from "./send.ts";
import { READ_TOKEN, type RunningCollector, startCollector } from "./start-collector.ts";
import { type Edge, type EdgeOptions, startEdge } from "./start-edge.ts";

const nginx = findNginx();
const ORIGIN = "http://localhost:3000";
const MAX_BODY_BYTES = 65_536;

/** The edge's defaults: 5 r/s, burst 10. */
const BURST_ALLOWANCE = 11;
const REFILL_MS = 200;

describe.skipIf(!nginx)("edge in front of the real collector", () => {
  let collector: RunningCollector;
  beforeAll(async () => {
    collector = await startCollector();
  });
  afterAll(() => collector?.remove());

  async function edgeFor(options: Partial<EdgeOptions> = {}): Promise<Edge> {
    const edge = await startEdge(nginx ?? "", { upstream: `127.0.0.1:${collector.port}`, ...options });
    onTestFinished(edge.stop);
    return edge;
  }

  it("lets 11 of 30 parallel posts pass, one more for every 200 ms, and tells the others when to come back", async () => {
    const edge = await edgeFor();
    const { answers, allowance } = await postAtOnce(edge, 30);

    const passed = answers.filter(({ answer }) => answer.status === 202);
    const limited = answers.filter(({ answer }) => answer.status === 429);
    expect(passed.length + limited.length).toBe(30);
    expect(passed.length).toBeGreaterThanOrEqual(BURST_ALLOWANCE);
    expect(passed.length).toBeLessThanOrEqual(allowance);
    for (const { answer } of limited) {
      expect(answer.all("Access-Control-Allow-Origin")).toEqual([ORIGIN]);
      expect(answer.headers.vary).toBe("Origin");
      expect(answer.headers["access-control-expose-headers"]).toContain("Retry-After");
      expect(answer.headers["retry-after"]).toBe("2");
      expect(answer.headers["content-type"]).toBe("application/json");
      expect(JSON.parse(answer.body)).toEqual({ ok: false, error: "rate_limited", retry_after: 2 });
    }

    const stored = collector.events().map(({ id }) => id);
    for (const { id } of passed) expect(stored.filter((other) => other === id)).toHaveLength(1);
    for (const { id } of limited) expect(stored).not.toContain(id);
  });

  it("gives another address a budget of its own", async () => {
    const edge = await edgeFor();
    await postAtOnce(edge, 30);
    const { answers } = await postAtOnce(edge, 5, () => ({ from: "127.0.9.1" }));
    expect(answers.map(({ answer }) => answer.status)).toEqual(Array(5).fill(202));
  });

  it("counts the real address, whatever X-Forwarded-For says", async () => {
    const edge = await edgeFor();
    const { answers, allowance } = await postAtOnce(edge, 30, (index) => ({
      headers: { "X-Forwarded-For": `203.0.113.${index}` },
    }));
    expect(answers.filter(({ answer }) => answer.status === 202).length).toBeLessThanOrEqual(allowance);
  });

  it("counts the two addresses of one IPv6 /64 together, and the next /64 apart", async () => {
    const edge = await edgeFor({ realIp: "set_real_ip_from 127.0.0.0/8; real_ip_header X-Forwarded-For;" });
    const through = (address: string) => ({ headers: { "X-Forwarded-For": address } });
    const first = await postAtOnce(edge, 11, () => through("2001:db8:1:2::a"));
    const second = await postAtOnce(edge, 11, () => through("2001:db8:1:2:ffff:ffff:ffff:b"));
    const next = await postAtOnce(edge, 11, () => through("2001:db8:1:3::a"));

    const passed = ({ answers }: typeof first) => answers.filter(({ answer }) => answer.status === 202).length;
    expect(passed(first)).toBe(11);
    expect(passed(second)).toBeLessThanOrEqual(allowanceSince(first.startedAt) - 11);
    expect(passed(next)).toBe(11);
  });

  it("counts preflights apart from events", async () => {
    const edge = await edgeFor();
    const asked = await Promise.all(Array.from({ length: 40 }, () => preflight(edge)));
    for (const answer of asked) {
      expect(answer.status).toBe(204);
      expect(answer.all("Access-Control-Allow-Origin")).toEqual([ORIGIN]);
      expect(answer.headers["access-control-allow-methods"]).toContain("POST");
    }
    const { answers } = await postAtOnce(edge, BURST_ALLOWANCE);
    expect(answers.map(({ answer }) => answer.status)).toEqual(Array(BURST_ALLOWANCE).fill(202));
  });

  it("takes rate and burst from the environment", async () => {
    const edge = await edgeFor({ settings: { TALLYMARK_RATE: "1r/m", TALLYMARK_BURST: "2" } });
    const { answers } = await postAtOnce(edge, 10);
    expect(answers.filter(({ answer }) => answer.status === 202)).toHaveLength(3);
  });

  it("passes a body of 64 KiB and refuses one byte more, so that a page can read why", async () => {
    const edge = await edgeFor();
    const event = JSON.stringify({ event: "page_view" });
    const headers = { Origin: ORIGIN, "Content-Type": "application/json" };
    const full = await post(edge, event.padEnd(MAX_BODY_BYTES), headers);
    const over = await post(edge, event.padEnd(MAX_BODY_BYTES + 1), headers);

    expect(full.status).toBe(202);
    expect(over.status).toBe(413);
    expect(over.all("Access-Control-Allow-Origin")).toEqual([ORIGIN]);
    expect(JSON.parse(over.body)).toEqual({ ok: false, error: "too_large" });
  });

  it("sends Access-Control-Allow-Origin once on what the collector answers", async () => {
    const edge = await edgeFor();
    const accepted = await post(edge, JSON.stringify({ event: "page_view" }), { Origin: ORIGIN });
    const refused = await post(edge, "{", { Origin: ORIGIN });
    expect([accepted.status, refused.status]).toEqual([202, 400]);
    expect(accepted.all("Access-Control-Allow-Origin")).toEqual([ORIGIN]);
    expect(refused.all("Access-Control-Allow-Origin")).toEqual([ORIGIN]);
    expect(accepted.all("X-Request-Id")).toHaveLength(1);
  });

  it("says `unavailable` while the collector is down, and works at once when it is back", async () => {
    const edge = await edgeFor();
    const body = JSON.stringify({ event: "page_view" });
    await collector.stop();
    const down = await Promise.all([1, 2, 3].map(() => post(edge, body, { Origin: ORIGIN })));
    await collector.start();
    const back = await post(edge, body, { Origin: ORIGIN });

    for (const answer of down) {
      expect(answer.status).toBe(503);
      expect(answer.all("Access-Control-Allow-Origin")).toEqual([ORIGIN]);
      expect(answer.headers["retry-after"]).toBe("5");
      expect(JSON.parse(answer.body)).toEqual({ ok: false, error: "unavailable", retry_after: 5 });
    }
    expect(back.status).toBe(202);
  });

  it("hands on reads with their token and query, and the public health", async () => {
    const edge = await edgeFor();
    const read = await send(edge, "/api/metrics/behavior?limit=1", {
      headers: { Authorization: `Bearer ${READ_TOKEN}` },
    });
    expect(read.status).toBe(200);
    expect(JSON.parse(read.body).last_events).toHaveLength(1);
    expect((await send(edge, "/api/metrics/behavior")).status).toBe(401);
    expect((await send(edge, "/api/metrics/health")).status).toBe(200);
  });

  it.each([
    ["GET", "/metrics"],
    ["GET", "/livez"],
    ["GET", "/readyz"],
    ["GET", "/"],
    ["GET", "/api/metrics/../../metrics"],
    ["GET", "/api/metrics/%2e%2e/%2e%2e/metrics"],
    ["GET", "/api/metrics/..\\..\\metrics"],
    ["GET", "/api/metrics/..%5c..%5cmetrics"],
    ["GET", "/tallymark.js/../metrics"],
    ["GET", "http://127.0.0.1/metrics"],
    ["GET", "/api/metrics/event"],
    ["DELETE", "/api/metrics/behavior"],
    ["POST", "/tallymark.js"],
    ["GET", "/tallymark-vitals.js"],
    ["GET", "/tallymark-vitals.0a1b2c3d.js"],
    ["GET", "/tallymark-../metrics.0a1b2c3d.js"],
  ])("knows no %s %s", async (method, path) => {
    const edge = await edgeFor();
    const answer = await send(edge, path, { method, headers: { Authorization: `Bearer ${READ_TOKEN}` } });
    expect(answer.status).toBe(404);
    expect(JSON.parse(answer.body)).toEqual({ ok: false, error: "not_found" });
  });

  it("tells its own health on its own port only", async () => {
    const edge = await edgeFor({ upstream: `127.0.0.1:${await freePort()}` });
    expect((await send({ host: "127.0.0.1", port: edge.healthPort }, "/livez")).status).toBe(204);
    expect((await send({ host: "127.0.0.1", port: edge.healthPort }, "/api/metrics/health")).status).toBe(404);
  });

  it("derives the daily id from the network that really sent, not from what the sender claims", async () => {
    const edge = await edgeFor();
    const visitorOf = async (from: string, claimed: string) => {
      const id = randomUUID();
      await post(edge, JSON.stringify({ event: "page_view", id }), { "X-Forwarded-For": claimed }, from);
      return collector.events().find((event) => event.id === id)?.visitor_id;
    };
    const first = await visitorOf("127.0.5.1", "203.0.113.5");
    expect(first).toBeTypeOf("string");
    expect(await visitorOf("127.0.5.1", "198.51.100.7")).toBe(first);
    expect(await visitorOf("127.0.6.1", "203.0.113.5")).not.toBe(first);
  });
});

function post(edge: Edge, body: string, headers: Record<string, string> = {}, from?: string): Promise<Answer> {
  const type = { "Content-Type": "text/plain", ...headers };
  return send(edge, "/api/metrics/event", { method: "POST", body, headers: type, ...(from && { from }) });
}

function preflight(edge: Edge): Promise<Answer> {
  const headers = { Origin: ORIGIN, "Access-Control-Request-Method": "POST" };
  return send(edge, "/api/metrics/events", { method: "OPTIONS", headers });
}

/** Posts `count` events in parallel, and says how many the edge may have let through in the time they took. */
async function postAtOnce(
  edge: Edge,
  count: number,
  variant: (index: number) => { headers?: Record<string, string>; from?: string } = () => ({}),
) {
  const startedAt = performance.now();
  const answers = await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const id = randomUUID();
      const { headers, from } = variant(index);
      const body = JSON.stringify({ event: "burst", id, visitor_id: "burst" });
      return { id, answer: await post(edge, body, { Origin: ORIGIN, ...headers }, from) };
    }),
  );
  return { startedAt, answers, allowance: allowanceSince(startedAt) };
}

function allowanceSince(startedAt: number): number {
  return BURST_ALLOWANCE + Math.floor((performance.now() - startedAt) / REFILL_MS);
}
