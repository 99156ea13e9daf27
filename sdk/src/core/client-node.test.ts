// @vitest-environment node
import { afterEach, expect, it, vi } from "vitest";
import { createTallymark } from "./client.ts";

afterEach(() => vi.unstubAllGlobals());

it("does nothing where there is no document, as in Node, workers and edge runtimes, and throws nowhere", async () => {
  expect(typeof document).toBe("undefined");
  const fetch = vi.fn();
  vi.stubGlobal("fetch", fetch);
  const setTimeout = vi.spyOn(globalThis, "setTimeout");
  const globals = Object.getOwnPropertyNames(globalThis);
  const beacon = vi.fn(() => () => {});
  for (const consent of ["granted", "pending", "denied"] as const) {
    const client = createTallymark({ endpoint: "https://stats.example", consent, beacons: [beacon] });
    client.track("a", { b: 1 });
    await client.flush();
    expect(await client.sendEvent({ event: "a" })).toEqual({ ok: false, error: "network" });
    expect(client.getVisitorId()).toBe("");
    client.optIn();
    client.track("a");
    client.optOut();
    expect(await client.forget()).toBe(false);
    client.stop();
    client.stop();
  }
  expect(beacon).not.toHaveBeenCalled();
  expect(fetch).not.toHaveBeenCalled();
  expect(setTimeout).not.toHaveBeenCalled();
  expect(Object.getOwnPropertyNames(globalThis)).toEqual(globals);
});

it("makes a client for each caller on a server, where one process has many visitors", () => {
  const options = { endpoint: "https://stats.example" };
  expect(createTallymark(options)).not.toBe(createTallymark(options));
});

it("answers sampledOut to nobody on a server, where nobody is sampled", async () => {
  const client = createTallymark({ endpoint: "", sampleRate: 0 });
  expect(await client.sendEvent({ event: "a" })).toEqual({ ok: false, error: "network" });
});
