import { Hono } from "hono";
import { describe, expect, test } from "vitest";
import { createTestCollector } from "../create-test-collector.ts";
import { readDataFolder } from "../read-data-folder.ts";

const EVENT = { method: "POST", headers: { "Content-Type": "application/json" }, body: '{"event":"x","id":"one"}' };

describe("a collector mounted under a path of another app", () => {
  test("counts its routes by their own names", async () => {
    const { collector } = await createTestCollector();
    const host = new Hono().route("/analytics", collector.app);
    expect((await host.request("/analytics/api/metrics/event", EVENT)).status).toBe(202);
    expect((await host.request("/analytics/livez")).status).toBe(200);
    expect((await host.request("/analytics/nothing")).status).toBe(404);
    const text = await (await host.request("/analytics/metrics")).text();
    expect(text).toMatch(/^http_requests_total\{method="POST",route="\/api\/metrics\/event",status="202"\} 1$/m);
    expect(text).toMatch(/^http_requests_total\{method="GET",route="\/livez",status="200"\} 1$/m);
    expect(text).toMatch(/^http_requests_total\{method="GET",route="unmatched",status="404"\} 1$/m);
    expect(text).not.toContain("analytics");
  });

  test.each(["text", "json", "arrayBuffer"] as const)(
    "takes events whose body a middleware has read as %s",
    async (kind) => {
      const { collector, dataDir } = await createTestCollector();
      const host = new Hono();
      host.use(async (c, next) => {
        await c.req[kind]();
        await next();
      });
      host.route("/", collector.app);
      expect((await host.request("/api/metrics/event", EVENT)).status).toBe(202);
      expect(readDataFolder(dataDir)).toMatchObject([{ id: "one" }]);
      const large = { ...EVENT, body: JSON.stringify({ event: "x", title: "x".repeat(70_000) }) };
      expect((await host.request("/api/metrics/event", large)).status).toBe(413);
    },
  );
});
