// @vitest-environment node
import { afterEach, expect, it, vi } from "vitest";
import { linkClicks, pageViews, taggedEvents } from "./beacons/index.ts";
import { createTallymark } from "./index.ts";
import { deferredFlush, offlineQueue } from "./plugins/index.ts";

afterEach(() => vi.unstubAllGlobals());

it("does nothing on a server, and throws nowhere", async () => {
  expect(typeof document).toBe("undefined");
  const fetch = vi.fn();
  vi.stubGlobal("fetch", fetch);
  const beacon = vi.fn(pageViews());
  const client = createTallymark({ endpoint: "https://stats.example", beacons: [beacon, pageViews(), linkClicks()] });
  client.track("a", { b: 1 });
  await client.flush();
  client.optIn();
  expect(await client.forget()).toBe(false);
  client.optOut();
  expect(await client.sendEvent({ event: "a" })).toEqual({ ok: false, error: "network" });
  expect(client.getVisitorId()).toBe("");
  client.stop();
  expect(beacon).not.toHaveBeenCalled();
  expect(fetch).not.toHaveBeenCalled();
});

it("has beacons that do nothing on a server", () => {
  const client = { track: vi.fn(), flush: vi.fn() };
  for (const beacon of [linkClicks(), taggedEvents(), offlineQueue(), deferredFlush()]) beacon(client)();
  expect(client.track).not.toHaveBeenCalled();
});

it("answers sampledOut to nobody on a server, where nobody is sampled", async () => {
  const client = createTallymark({ endpoint: "", sampleRate: 0 });
  expect(await client.sendEvent({ event: "a" })).toEqual({ ok: false, error: "network" });
});
