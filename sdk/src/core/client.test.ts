import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Answer, fakeCollector, offline, setVisibility } from "../../test/fake-collector.ts";
import type { Metadata, WireEvent } from "../protocol/event.ts";
import { createTallymark } from "./client.ts";
import type { Beacon, Tallymark, TallymarkOptions } from "./options.ts";

const consoleWarn = vi.spyOn(console, "warn").mockImplementation(() => {});
let client: Tallymark;

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  history.replaceState({}, "", "/shop?token=1");
  document.title = "Shop";
  consoleWarn.mockClear();
});
afterEach(() => {
  client.stop();
  setVisibility("visible");
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function setUp(options: Partial<TallymarkOptions> = {}, ...answers: Answer[]) {
  const collector = fakeCollector(...answers);
  client = createTallymark({ endpoint: "https://stats.example", ...options });
  return collector;
}

/** A rate just below and just above the one from which on this browser's visitor is kept. */
function findThreshold(): { readonly below: number; readonly above: number } {
  let below = 0;
  let above = 1;
  while (above - below > 1e-6) {
    const rate = (below + above) / 2;
    const collector = setUp({ sampleRate: rate });
    client.track("probe");
    client.stop();
    if (collector.requests.length) above = rate;
    else below = rate;
  }
  return { below, above };
}

describe("createTallymark", () => {
  it("sends nothing by itself", async () => {
    const collector = setUp();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(collector.requests).toHaveLength(0);
  });

  it.each([
    ["https://stats.example", "https://stats.example/api/metrics/events"],
    ["https://stats.example/", "https://stats.example/api/metrics/events"],
    ["https://stats.example/t", "https://stats.example/t/api/metrics/events"],
    ["", "/api/metrics/events"],
    [undefined, "/api/metrics/events"],
  ])("posts to the endpoint %j", async (endpoint, url) => {
    const collector = setUp({ endpoint: endpoint as string });
    client.track("a");
    await client.flush();
    expect(collector.requests[0]?.url).toBe(url);
  });

  it("never throws, whatever it is given", () => {
    fakeCollector();
    client = createTallymark({ endpoint: "" });
    for (const options of [undefined, null, {}, { endpoint: 1 }, { endpoint: "", sampleRate: "x" }]) {
      expect(() => createTallymark(options as unknown as TallymarkOptions).stop()).not.toThrow();
    }
  });

  it("does not let a beacon that fails harm the page or other beacons", async () => {
    const broken: Beacon = () => {
      throw new Error("broken");
    };
    const brokenStop: Beacon = () => () => {
      throw new Error("broken");
    };
    const works: Beacon = ({ track }) => {
      track("works");
      return () => track("stopped");
    };
    const collector = setUp({ beacons: [broken, brokenStop, works] });
    expect(() => client.stop()).not.toThrow();
    expect(collector.batches()).toEqual([["works", "stopped"]]);
  });
});

describe("track", () => {
  it("sends what the protocol asks for, and nothing else", async () => {
    const collector = setUp({ site: "shop" });
    const before = Date.now();
    client.track("signup", { plan: "free", seats: 3 });
    await client.flush();
    const [event] = collector.events();
    expect(event).toEqual({
      event: "signup",
      visitor_id: client.getVisitorId(),
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      site: "shop",
      ts: expect.any(Number),
      url: "/shop",
      title: "Shop",
      language: "en-US",
      viewport: "lg",
      metadata: { plan: "free", seats: 3 },
    });
    expect(event?.ts).toBeGreaterThanOrEqual(before);
    expect(JSON.stringify(collector.requests)).not.toContain("token");
  });

  it("gives every event an id of its own, and all of them one visitor", async () => {
    const collector = setUp();
    for (let index = 0; index < 5; index++) client.track("a");
    await client.flush();
    expect(new Set(collector.events().map(({ id }) => id)).size).toBe(5);
    expect(new Set(collector.events().map(({ visitor_id }) => visitor_id))).toEqual(new Set([client.getVisitorId()]));
  });

  it("takes a snapshot: page and metadata may change before the batch leaves", async () => {
    const collector = setUp();
    const metadata = { step: 1 };
    client.track("a", metadata);
    metadata.step = 2;
    history.pushState({}, "", "/later");
    await client.flush();
    expect(collector.events()[0]).toMatchObject({ url: "/shop", metadata: { step: 1 } });
  });

  it("takes the page the caller states, scrubbed", async () => {
    const collector = setUp();
    client.track("a", undefined, { url: "https://a.example/x?token=1", referrer: "https://b.example/?q=1", title: "" });
    await client.flush();
    const [event] = collector.events();
    expect(event).toMatchObject({ url: "/x", referrer: "b.example/" });
    expect(event).not.toHaveProperty("title");
    expect(event).not.toHaveProperty("metadata");
  });

  it("sends after 20 events, and after 5 seconds", async () => {
    const collector = setUp();
    for (let index = 0; index < 20; index++) client.track("a");
    await vi.advanceTimersByTimeAsync(0);
    expect(collector.events()).toHaveLength(20);
    client.track("b");
    await vi.advanceTimersByTimeAsync(4999);
    expect(collector.events()).toHaveLength(20);
    await vi.advanceTimersByTimeAsync(1);
    expect(collector.events()).toHaveLength(21);
  });

  it("writes to no storage and asks for no answer on its way", () => {
    const collector = setUp();
    const setItem = vi.spyOn(Storage.prototype, "setItem");
    client.track("a");
    expect(setItem).not.toHaveBeenCalled();
    expect(collector.requests).toHaveLength(0);
    setItem.mockRestore();
  });

  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  const getter = {
    get broken(): string {
      throw new Error("hostile");
    },
  };

  it.each<[string, unknown, unknown]>([
    ["a name with a space", "sign up", undefined],
    ["an empty name", "", undefined],
    ["a name that is too long", "a".repeat(65), undefined],
    ["a name that is a symbol", Symbol("a"), undefined],
    ["a cycle", "a", cycle],
    ["a BigInt", "a", { big: 1n }],
    ["a getter that throws", "a", getter],
    ["a page that is none", "a", undefined],
  ])("drops %s, counts it, names it on the console, and does not throw", async (what, name, metadata) => {
    const collector = setUp();
    const page = what === "a page that is none" ? { url: 5 } : undefined;
    // biome-ignore lint/suspicious/noExplicitAny: callers without types.
    expect(() => (client.track as any)(name, metadata, page)).not.toThrow();
    expect(consoleWarn).toHaveBeenCalledTimes(1);
    client.track("good");
    await client.flush();
    expect(collector.batches()).toEqual([["good"]]);
    expect(collector.requests[0]?.body.dropped).toEqual({ invalid_event: 1 });
  });

  it("takes null for no metadata", async () => {
    const collector = setUp();
    client.track("a", null as unknown as Metadata);
    await client.flush();
    expect(collector.events()[0]).not.toHaveProperty("metadata");
  });
});

describe("sampling", () => {
  it("sends nothing at rate 0", async () => {
    const collector = setUp({ sampleRate: 0 });
    client.track("a");
    await client.flush();
    expect(await client.sendEvent({ event: "a" })).toEqual({ ok: true, sampledOut: true });
    client.stop();
    expect(collector.requests).toHaveLength(0);
  });

  it("stamps no rate where everybody is kept", async () => {
    const collector = setUp();
    client.track("a");
    await client.flush();
    expect(collector.events()[0]).not.toHaveProperty("sample_rate");
  });

  it("keeps or drops a visitor as a whole, and stamps the rate as it was given", async () => {
    const { below, above } = findThreshold();
    const none = setUp({ sampleRate: below });
    for (let index = 0; index < 10; index++) client.track("a");
    client.stop();
    expect(none.requests).toHaveLength(0);
    const all = setUp({ sampleRate: above });
    for (let index = 0; index < 10; index++) client.track("a");
    await client.flush();
    expect(all.events()).toHaveLength(10);
    expect(all.events().every(({ sample_rate }) => sample_rate === above)).toBe(true);
  });

  it("multiplies with a rate the caller has sampled at before", async () => {
    const { above } = findThreshold();
    const collector = setUp({ sampleRate: above });
    await client.sendEvent({ event: "a", sample_rate: 0.25 });
    expect(collector.requests[0]?.body.sample_rate).toBe(above * 0.25);
  });

  it.each([1.5, Number.NaN, Number.POSITIVE_INFINITY])("keeps everybody at %d, without a stamp", async (sampleRate) => {
    const collector = setUp({ sampleRate });
    client.track("a");
    await client.flush();
    expect(collector.events()[0]).not.toHaveProperty("sample_rate");
  });

  it("keeps nobody below 0", () => {
    const collector = setUp({ sampleRate: -1 });
    client.track("a");
    client.stop();
    expect(collector.requests).toHaveLength(0);
  });
});

describe("sendEvent", () => {
  const accepted = { ok: true, stored: 1, file: "metrics-2026-11-21.jsonl" };
  const answering =
    (answer: unknown, status = 202) =>
    () =>
      Response.json(answer, { status });

  it("posts one event at once, filled in, and resolves to the collector's answer", async () => {
    const collector = setUp({ site: "shop" }, answering(accepted));
    expect(await client.sendEvent({ event: "paid", metadata: { total: 5 } })).toEqual(accepted);
    expect(collector.requests[0]?.url).toBe("https://stats.example/api/metrics/event");
    expect(collector.requests[0]?.body).toMatchObject({
      event: "paid",
      visitor_id: client.getVisitorId(),
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      site: "shop",
      ts: expect.any(Number),
      sent_at: expect.any(Number),
      url: "/shop",
      metadata: { total: 5 },
    });
  });

  it("leaves what is stated as it is, but scrubs addresses", async () => {
    const collector = setUp({ site: "shop" });
    const stated: WireEvent = {
      event: "a",
      visitor_id: "",
      id: "my-id",
      site: "other",
      ts: 5,
      language: "de",
      viewport: "xs",
    };
    await client.sendEvent({ ...stated, url: "/x?token=1", referrer: "https://b.example/y?z=1" });
    expect(collector.requests[0]?.body).toMatchObject({ ...stated, url: "/x", referrer: "b.example/y" });
  });

  it("resolves to the collector's refusal", async () => {
    const refusal = { ok: false, error: "invalid_event", issues: [{ path: "event", message: "is required" }] };
    setUp({}, answering(refusal, 400));
    expect(await client.sendEvent({ event: "" })).toEqual(refusal);
  });

  it.each<[string, Answer]>([
    ["the network is down", offline],
    ["a proxy answers with a page", () => new Response("<h1>Bad gateway</h1>", { status: 502 })],
  ])("resolves to network where %s, and is not repeated", async (_, answer) => {
    const collector = setUp({}, answer);
    expect(await client.sendEvent({ event: "a" })).toEqual({ ok: false, error: "network" });
    await vi.advanceTimersByTimeAsync(600_000);
    expect(collector.requests).toHaveLength(1);
  });

  it("resolves to aborted after the signal", async () => {
    const controller = new AbortController();
    setUp(
      {},
      () => new Promise((_, reject) => controller.signal.addEventListener("abort", () => reject(new Error("x")))),
    );
    const sent = client.sendEvent({ event: "a" }, { signal: controller.signal });
    controller.abort();
    expect(await sent).toEqual({ ok: false, error: "aborted" });
  });

  it("does not reject for what is not JSON", async () => {
    const collector = setUp();
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    expect(await client.sendEvent({ event: "a", metadata: cycle as Metadata })).toMatchObject({ ok: false });
    expect(await client.sendEvent(undefined as unknown as WireEvent)).toMatchObject({ ok: false });
    expect(collector.requests).toHaveLength(0);
  });
});

describe("when the page is hidden", () => {
  it.each([
    ["visibilitychange", () => setVisibility("hidden")],
    ["pagehide", () => dispatchEvent(new Event("pagehide"))],
  ])("sends what waits on %s, once", (_, hide) => {
    const collector = setUp();
    client.track("a");
    hide();
    hide();
    expect(collector.batches()).toEqual([["a"]]);
  });

  it("sends what the page tracks in its own handler", () => {
    const collector = setUp();
    const onVisibilityChange = () => client.track("left");
    document.addEventListener("visibilitychange", onVisibilityChange, { once: true });
    setVisibility("hidden");
    expect(collector.batches()).toEqual([["left"]]);
  });

  it("goes on after the page is back", async () => {
    const collector = setUp();
    setVisibility("hidden");
    setVisibility("visible");
    client.track("a");
    expect(collector.requests).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(5000);
    expect(collector.batches()).toEqual([["a"]]);
  });
});

it("tries again as soon as the browser is online", async () => {
  const collector = setUp({}, offline);
  client.track("a");
  await client.flush();
  dispatchEvent(new Event("online"));
  await vi.advanceTimersByTimeAsync(0);
  expect(collector.batches()).toEqual([["a"], ["a"]]);
});

describe("stop", () => {
  it("stops the beacons, sends what waits, and leaves no timer", async () => {
    const stopBeacon = vi.fn();
    const collector = setUp({ beacons: [() => stopBeacon] });
    client.track("a");
    client.stop();
    expect(stopBeacon).toHaveBeenCalledTimes(1);
    expect(collector.batches()).toEqual([["a"]]);
    await vi.advanceTimersByTimeAsync(0);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(collector.requests).toHaveLength(1);
  });

  it("makes everything later do nothing", async () => {
    const collector = setUp();
    const visitorId = client.getVisitorId();
    client.stop();
    client.track("a");
    await client.flush();
    setVisibility("hidden");
    dispatchEvent(new Event("pagehide"));
    expect(await client.sendEvent({ event: "a" })).toEqual({ ok: false, error: "network" });
    client.stop();
    expect(client.getVisitorId()).toBe(visitorId);
    expect(collector.requests).toHaveLength(0);
  });
});
