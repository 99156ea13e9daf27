// @vitest-environment node
import { afterEach, expect, it, vi } from "vitest";
import * as beacons from "./beacons/index.ts";
import { createTallymark } from "./index.ts";
import { deferredFlush, offlineQueue } from "./plugins/index.ts";

afterEach(() => vi.unstubAllGlobals());

it("does nothing on a server, and throws nowhere", async () => {
  expect(typeof document).toBe("undefined");
  const fetch = vi.fn();
  vi.stubGlobal("fetch", fetch);
  const beacon = vi.fn(beacons.pageViews());
  const client = createTallymark({ endpoint: "https://stats.example", beacons: [beacon, beacons.autoBeacons()] });
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

const { hashPath: _, queryPath: __, routePath: ___, ...all } = { ...beacons, offlineQueue, deferredFlush };

it.each(Object.entries(all))("%s does nothing on a server", (_name, beacon) => {
  vi.useFakeTimers();
  vi.spyOn(console, "warn").mockImplementation(() => {});
  const client = { track: vi.fn(), flush: vi.fn() };
  const stop = beacon()(client);
  vi.advanceTimersByTime(10_000);
  stop();
  expect(client.track).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

it("answers sampledOut to nobody on a server, where nobody is sampled", async () => {
  const client = createTallymark({ endpoint: "", sampleRate: 0 });
  expect(await client.sendEvent({ event: "a" })).toEqual({ ok: false, error: "network" });
});
