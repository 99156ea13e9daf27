import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findNginx } from "./find-nginx.ts";
import { type Answer, send } from "./send.ts";
import { READ_TOKEN, type RunningCollector, startCollector } from "./start-collector.ts";
import { type Edge, startEdge } from "./start-edge.ts";

const nginx = findNginx();
const ORIGIN = "http://localhost:3000";
const AUTHORIZED = { Authorization: `Bearer ${READ_TOKEN}` };

describe.skipIf(!nginx)("a visitor's rights, through the edge", () => {
  let collector: RunningCollector;
  let edge: Edge;

  beforeAll(async () => {
    collector = await startCollector();
    edge = await startEdge(nginx ?? "", { upstream: `127.0.0.1:${collector.port}` });
  });

  afterAll(async () => {
    await edge?.stop();
    await collector?.remove();
  });

  it("exports what is kept of one visitor to whoever may read, and to nobody else", async () => {
    const [visitor, other] = await twoVisitors("127.0.6.1");
    const path = `/api/metrics/visitors/${visitor}`;
    expect((await send(edge, path, { from: "127.0.6.1" })).status).toBe(401);
    const answer = await send(edge, path, { headers: AUTHORIZED, from: "127.0.6.1" });
    expect(answer.status).toBe(200);
    const events = answer.body
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(events.map(({ visitor_id }) => visitor_id)).toEqual([visitor, visitor]);
    expect(answer.body).not.toContain(other);
  });

  it("lets a visitor's page ask to be forgotten, across origins, and leaves the others alone", async () => {
    const [visitor, other] = await twoVisitors("127.0.6.2");
    const preflight = await send(edge, "/api/metrics/forget", {
      method: "OPTIONS",
      headers: { Origin: ORIGIN, "Access-Control-Request-Method": "POST" },
      from: "127.0.6.2",
    });
    expect(preflight.status).toBe(204);
    const answer = await forget(visitor, "127.0.6.2");
    expect(answer.status).toBe(200);
    expect(answer.all("Access-Control-Allow-Origin")).toEqual([ORIGIN]);
    expect(collector.data()).not.toContain(visitor);
    expect(collector.events().filter(({ visitor_id }) => visitor_id === other)).toHaveLength(2);
  });

  it("erases for whoever may read, and for nobody else", async () => {
    const [visitor] = await twoVisitors("127.0.6.3");
    const path = `/api/metrics/visitors/${visitor}`;
    expect((await send(edge, path, { method: "DELETE", from: "127.0.6.3" })).status).toBe(401);
    expect(collector.data()).toContain(visitor);
    const answer = await send(edge, path, { method: "DELETE", headers: AUTHORIZED, from: "127.0.6.3" });
    expect(answer.status).toBe(200);
    expect(collector.data()).not.toContain(visitor);
  });

  it("takes 11 wishes to be forgotten at once from one address, and says when to come back for more", async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => forget(randomUUID(), "127.0.6.4")));
    const limited = answers.filter(({ status }) => status === 429);
    expect(limited.length).toBeGreaterThanOrEqual(9);
    for (const { headers } of limited) expect(Number(headers["retry-after"])).toBeGreaterThan(0);
  });

  it("passes no other method on, and writes no id down", async () => {
    const [visitor] = await twoVisitors("127.0.6.5");
    for (const [method, path] of [
      ["GET", "/api/metrics/forget"],
      ["POST", `/api/metrics/visitors/${visitor}`],
      ["PUT", `/api/metrics/visitors/${visitor}`],
    ] as const) {
      expect((await send(edge, path, { method, headers: AUTHORIZED, from: "127.0.6.5" })).status).toBe(404);
    }
    await send(edge, `/api/metrics/visitors/${visitor}`, { headers: AUTHORIZED, from: "127.0.6.5" });
    await edge.stop();
    const log = edge.accessLog().join("\n");
    expect(log).toContain('"path":"/api/metrics/visitors/:id"');
    expect(log).toContain('"path":"/api/metrics/forget"');
    expect(log).not.toContain(visitor);
    expect(collector.log()).not.toContain(visitor);
  });

  async function twoVisitors(from: string): Promise<[string, string]> {
    const visitors: [string, string] = [randomUUID(), randomUUID()];
    for (const visitor_id of [...visitors, ...visitors]) {
      const body = JSON.stringify({ event: "page_view", visitor_id, id: randomUUID() });
      const headers = { "Content-Type": "application/json", Origin: ORIGIN };
      expect((await send(edge, "/api/metrics/event", { method: "POST", headers, body, from })).status).toBe(202);
    }
    return visitors;
  }

  function forget(visitor_id: string, from: string): Promise<Answer> {
    const headers = { "Content-Type": "text/plain;charset=UTF-8", Origin: ORIGIN };
    return send(edge, "/api/metrics/forget", { method: "POST", headers, body: JSON.stringify({ visitor_id }), from });
  }
});
