import { Hono } from "hono";
import { describe, expect, it, vi } from "vitest";
import type { CollectorEnv } from "../env.ts";
import { rateLimit } from "./rate-limit.ts";

function limitedApp() {
  const clock = { at: 1_000_000 };
  const onLimited = vi.fn();
  const limit = rateLimit({
    perMinute: 3,
    clientAddress: (_peer, forwardedFor) => forwardedFor ?? "",
    onLimited,
    clock: () => clock.at,
  });
  const app = new Hono<CollectorEnv>().get("/", limit, (c) => c.text("ok"));
  const ask = (from: string) => app.request("/", { headers: { "X-Forwarded-For": from } });
  const statusesOf = async (from: readonly string[]) => {
    const statuses: number[] = [];
    for (const address of from) statuses.push((await ask(address)).status);
    return statuses;
  };
  return { clock, onLimited, ask, statusesOf };
}

describe("rateLimit", () => {
  it("lets so many pass in a minute, each client by itself", async () => {
    const { statusesOf, onLimited } = limitedApp();
    const one = Array.from({ length: 5 }, () => "192.0.2.1");
    expect(await statusesOf([...one, "192.0.2.2"])).toEqual([200, 200, 200, 429, 429, 200]);
    expect(onLimited).toHaveBeenCalledTimes(2);
  });

  it("takes all addresses of a /64 for one client, and another /64 for another", async () => {
    const { statusesOf } = limitedApp();
    const network = [1, 2, 3, 4].map((host) => `2001:db8:1:2::${host}`);
    expect(await statusesOf([...network, "2001:db8:1:3::1"])).toEqual([200, 200, 200, 429, 200]);
  });

  it("says when to come back, and keeps its word", async () => {
    const { clock, ask, statusesOf } = limitedApp();
    await statusesOf(["192.0.2.1", "192.0.2.1", "192.0.2.1"]);
    clock.at += 20_000;
    const refused = await ask("192.0.2.1");
    expect(refused.headers.get("retry-after")).toBe("40");
    expect(await refused.json()).toEqual({ ok: false, error: "rate_limited", retry_after: 40 });
    clock.at += 40_000;
    expect(await statusesOf(["192.0.2.1"])).toEqual([200]);
  });

  it("lets nearly everybody of a thousand clients pass", async () => {
    const { statusesOf } = limitedApp();
    const clients = Array.from({ length: 1000 }, (_, index) => `198.51.${index >> 8}.${index & 255}`);
    const statuses = await statusesOf([...clients, ...clients, ...clients]);
    expect(statuses.filter((status) => status !== 200).length).toBeLessThan(60);
  });
});
