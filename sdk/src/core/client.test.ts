import { describe, expect, it, onTestFinished, vi } from "vitest";
import { type Answer, offline, setVisibility } from "../../test/fake-collector.ts";
import { openClientLab, START_MS, settle } from "../../test/open-client-lab.ts";
import { createTallymark } from "./client.ts";
import type { Beacon, TallymarkOptions } from "./options.ts";

const lab = openClientLab();
const ID = /^\d+-\d+-\d+-\d+$/;

describe("createTallymark", () => {
  it("sends and stores nothing by itself", async () => {
    const { collector } = lab.begin();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(collector.requests).toEqual([]);
    expect(Object.keys(localStorage)).toEqual([]);
  });

  it.each([
    ["https://stats.example", "https://stats.example/api/metrics/events"],
    ["https://stats.example/", "https://stats.example/api/metrics/events"],
    ["https://stats.example/t", "https://stats.example/t/api/metrics/events"],
    ["http://localhost:8787", "http://localhost:8787/api/metrics/events"],
    ["", "/api/metrics/events"],
    [undefined, "/api/metrics/events"],
  ])("posts to the endpoint %j", async (endpoint, url) => {
    const { client, collector } = lab.begin({ endpoint: endpoint as string });
    client.track("a");
    await client.flush();
    expect(collector.requests[0]?.url).toBe(url);
  });

  it.each([undefined, null, {}, { endpoint: 1 }, { endpoint: "", sampleRate: "x" }])(
    "does not throw, though it is given %j",
    (options) => {
      expect(() => createTallymark(options as unknown as TallymarkOptions).stop()).not.toThrow();
    },
  );

  it("does not let a beacon that fails harm the page or other beacons", async () => {
    const broken: Beacon = () => {
      throw new Error("broken");
    };
    const brokenStop: Beacon = () => () => {
      throw new Error("broken");
    };
    const works: Beacon = ({ track }) => {
      track("works");
      return () => {};
    };
    const { client, collector } = lab.begin({ beacons: [broken, brokenStop, works] });
    expect(() => client.stop()).not.toThrow();
    await settle();
    expect(collector.batches()).toEqual([["works"]]);
  });
});

describe("two copies on one page", () => {
  it("make one client for one collector and site, and say so in development", async () => {
    const { client, collector } = lab.begin({ site: "shop" });
    vi.resetModules();
    const copy = await import("./client.ts");
    const second = copy.createTallymark({ endpoint: "https://stats.example/", site: "shop", sampleRate: 0 });
    expect(copy.createTallymark).not.toBe(createTallymark);
    expect(second).toBe(client);
    expect(lab.consoleWarn).toHaveBeenCalledTimes(1);
    second.track("a");
    await client.flush();
    expect(collector.batches()).toEqual([["a"]]);
  });

  it("make two clients for two sites, and for two collectors", () => {
    const { client } = lab.begin({ site: "shop" });
    expect(lab.begin({ site: "blog" }).client).not.toBe(client);
    expect(lab.begin({ site: "shop", endpoint: "https://other.example" }).client).not.toBe(client);
    expect(lab.consoleWarn).not.toHaveBeenCalled();
  });

  it("may follow each other: there is another client after stop", async () => {
    const first = lab.begin().client;
    first.stop();
    const { client, collector } = lab.begin();
    expect(client).not.toBe(first);
    client.track("a");
    await client.flush();
    expect(collector.batches()).toEqual([["a"]]);
  });

  it("stay one though the client of before is stopped again", () => {
    const first = lab.begin().client;
    first.stop();
    const { client } = lab.begin();
    first.stop();
    expect(lab.begin().client).toBe(client);
  });
});

describe("track", () => {
  it("sends what the protocol asks for, and nothing else", async () => {
    const { client, collector } = lab.begin({ site: "shop" });
    client.track("signup", { plan: "free", seats: 3 });
    await client.flush();
    expect(collector.events()).toEqual([
      {
        event: "signup",
        visitor_id: client.getVisitorId(),
        session_id: expect.stringMatching(ID),
        id: expect.stringMatching(ID),
        site: "shop",
        ts: START_MS,
        url: "/shop",
        referrer: "",
        title: "Shop",
        language: "en-US",
        viewport: "lg",
        sample_rate: 1,
        metadata: { plan: "free", seats: 3 },
      },
    ]);
    expect(JSON.stringify(collector.requests)).not.toContain("token");
  });

  it("gives every event an id of its own, and all of them one visitor and one session", async () => {
    const { client, collector } = lab.begin();
    for (let index = 0; index < 5; index++) client.track("a");
    await client.flush();
    const distinct = (key: "id" | "visitor_id" | "session_id") =>
      new Set(collector.events().map((event) => event[key]));
    expect([distinct("id").size, distinct("session_id").size]).toEqual([5, 1]);
    expect([...distinct("visitor_id")]).toEqual([client.getVisitorId()]);
  });

  it("takes a snapshot: page and metadata may change before the batch leaves", async () => {
    const { client, collector } = lab.begin();
    const metadata = { step: 1 };
    client.track("a", metadata);
    metadata.step = 2;
    history.pushState({}, "", "/later");
    document.title = "Later";
    await client.flush();
    expect(collector.events()[0]).toMatchObject({ url: "/shop", title: "Shop", metadata: { step: 1 } });
  });

  it("takes the page the caller states, scrubbed", async () => {
    const { client, collector } = lab.begin();
    client.track("a", undefined, { url: "/x?token=1", referrer: "https://b.example/?q=1", title: "T" });
    await client.flush();
    expect(collector.events()[0]).toMatchObject({ url: "/x", referrer: "https://b.example/", title: "T" });
    expect(collector.events()[0]).not.toHaveProperty("metadata");
  });

  it("sends of an address of this page the path, and of any other the whole", async () => {
    const { client, collector } = lab.begin();
    for (const url of [
      "http://localhost:3000/x?utm_source=a&utm_term=b&c=d",
      "https://a.example/x",
      "http://localhost:30001/x",
    ]) {
      client.track("a", undefined, { url, referrer: "http://localhost:3000/y?z" });
    }
    await client.flush();
    expect(collector.events().map(({ url, referrer }) => [url, referrer])).toEqual([
      ["/x?utm_source=a&utm_term=b", "http://localhost:3000/y"],
      ["https://a.example/x", "http://localhost:3000/y"],
      ["http://localhost:30001/x", "http://localhost:3000/y"],
    ]);
  });

  it("makes 71 events of one second at most three requests, the last by the clock", async () => {
    const { client, collector } = lab.begin();
    for (let index = 0; index < 71; index++) {
      client.track("a");
      await vi.advanceTimersByTimeAsync(1000 / 71);
    }
    await vi.advanceTimersByTimeAsync(60_000);
    expect(collector.batches().map((batch) => batch?.length)).toEqual([30, 30, 11]);
  });

  it("does nothing on its way but to remember: no storage, no id, no hook, no request", () => {
    const beforeSend = vi.fn((event) => event);
    const { client, collector } = lab.begin({ beforeSend });
    const getRandomValues = vi.spyOn(crypto, "getRandomValues");
    client.track("a");
    expect(getRandomValues).not.toHaveBeenCalled();
    expect(beforeSend).not.toHaveBeenCalled();
    expect(Object.keys(localStorage)).toEqual([]);
    expect(collector.requests).toEqual([]);
    getRandomValues.mockRestore();
  });
});

describe("sendEvent", () => {
  const accepted = { ok: true, stored: 1, file: "metrics-2026-11-21.jsonl" };
  const answering =
    (answer: unknown, status = 202) =>
    () =>
      Response.json(answer, { status });

  it("posts one event at once, filled in, and resolves to the collector's answer", async () => {
    const { client, collector } = lab.begin({ site: "shop" }, answering(accepted));
    expect(await client.sendEvent({ event: "paid", metadata: { total: 5 } })).toEqual(accepted);
    expect(collector.requests[0]?.url).toBe("https://stats.example/api/metrics/event");
    expect(collector.requests[0]?.body).toMatchObject({
      sent_at: START_MS,
      event: "paid",
      visitor_id: client.getVisitorId(),
      id: expect.stringMatching(ID),
      site: "shop",
      ts: START_MS,
      url: "/shop",
      metadata: { total: 5 },
    });
  });

  it("leaves what is stated as it is, but scrubs addresses", async () => {
    const { client, collector } = lab.begin({ site: "shop" });
    const stated = {
      event: "a",
      visitor_id: "",
      id: "my-id",
      site: "other",
      ts: 5,
      language: "de",
      viewport: "xs",
    } as const;
    await client.sendEvent({ ...stated, url: "/x?token=1", referrer: "https://b.example/y?z=1" });
    expect(collector.requests[0]?.body).toMatchObject({ ...stated, url: "/x", referrer: "https://b.example/y" });
  });

  it("resolves to the collector's refusal", async () => {
    const refusal = { ok: false, error: "invalid_event", issues: [{ path: "event", message: "is required" }] };
    const { client } = lab.begin({}, answering(refusal, 400));
    expect(await client.sendEvent({ event: "" })).toEqual(refusal);
  });

  it.each<[string, Answer]>([
    ["the network is down", offline],
    ["a proxy answers with a page", () => new Response("<h1>Bad gateway</h1>", { status: 502 })],
  ])("resolves to network where %s, and is not repeated", async (_, answer) => {
    const { client, collector } = lab.begin({}, answer);
    expect(await client.sendEvent({ event: "a" })).toEqual({ ok: false, error: "network" });
    await vi.advanceTimersByTimeAsync(600_000);
    expect(collector.requests).toHaveLength(1);
  });

  it("resolves to network after the signal, which it hands to fetch", async () => {
    const controller = new AbortController();
    const untilAborted = () =>
      new Promise<never>((_, reject) =>
        controller.signal.addEventListener("abort", () => reject(new Error("aborted"))),
      );
    const { client, collector } = lab.begin({}, untilAborted);
    const sent = client.sendEvent({ event: "a" }, { signal: controller.signal });
    controller.abort();
    expect(await sent).toEqual({ ok: false, error: "network" });
    expect(collector.requests[0]?.init.signal).toBe(controller.signal);
  });
});

describe("when the page is hidden", () => {
  it.each([
    ["visibilitychange", () => setVisibility("hidden")],
    ["pagehide", () => dispatchEvent(new Event("pagehide"))],
  ])("sends what waits on %s, once", async (_, hide) => {
    const { client, collector } = lab.begin();
    client.track("a");
    hide();
    hide();
    await settle();
    expect(collector.batches()).toEqual([["a"]]);
  });

  it("sends before anybody else can stop it: within the event", () => {
    const { client, collector } = lab.begin();
    client.track("a");
    setVisibility("hidden");
    expect(collector.batches()).toEqual([["a"]]);
  });

  it("sends what the page tracks in its own handler", () => {
    const { client, collector } = lab.begin();
    document.addEventListener("visibilitychange", () => client.track("left"), { once: true });
    setVisibility("hidden");
    expect(collector.batches()).toEqual([["left"]]);
  });

  it("goes on after the page is back", async () => {
    const { client, collector } = lab.begin();
    setVisibility("hidden");
    setVisibility("visible");
    client.track("a");
    expect(collector.requests).toEqual([]);
    await vi.advanceTimersByTimeAsync(5000);
    expect(collector.batches()).toEqual([["a"]]);
  });
});

it("sends nothing while the page is prerendered, where nobody may ever see it, and everything when it is shown", async () => {
  stubDocument("prerendering", true);
  stubDocument("visibilityState", "hidden");
  stubDocument("hidden", true);
  const { client, collector } = lab.begin();
  client.track("a");
  await client.flush();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(collector.requests).toEqual([]);
  // Chromium tells this first, and at once that the page is no longer prerendered.
  setVisibility("visible");
  expect(collector.batches()).toEqual([["a"]]);
  stubDocument("prerendering", false);
});

it("tries again as soon as the browser is online", async () => {
  const { client, collector } = lab.begin({}, offline);
  client.track("a");
  await client.flush();
  dispatchEvent(new Event("online"));
  await settle();
  expect(collector.batches()).toEqual([["a"], ["a"]]);
});

describe("stop", () => {
  it("stops the beacons and sends what waits", async () => {
    const stopBeacon = vi.fn();
    const { client, collector } = lab.begin({ beacons: [() => stopBeacon] });
    client.track("a");
    client.stop();
    expect(stopBeacon).toHaveBeenCalledTimes(1);
    expect(collector.batches()).toEqual([["a"]]);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(collector.requests).toHaveLength(1);
  });

  it("sends what a beacon says last of all", async () => {
    const { client, collector } = lab.begin({
      beacons: [
        ({ track }) =>
          () =>
            track("last"),
      ],
    });
    client.track("a");
    client.stop();
    await settle();
    expect(collector.events().map(({ event }) => event)).toEqual(["a", "last"]);
  });

  async function timersAfterStop(answer: Answer): Promise<number> {
    const { client } = lab.begin({}, answer);
    client.track("a");
    client.stop();
    await vi.advanceTimersByTimeAsync(100);
    return vi.getTimerCount();
  }

  it("leaves no timer", async () => {
    expect(await timersAfterStop(202)).toBe(0);
  });

  it("leaves no timer where the last request fails; the one there is does nothing", async () => {
    expect(await timersAfterStop(offline)).toBe(0);
  });

  it("makes everything later do nothing", async () => {
    const { client, collector } = lab.begin();
    client.stop();
    client.track("a");
    await client.flush();
    client.optIn();
    setVisibility("hidden");
    dispatchEvent(new Event("pagehide"));
    expect(await client.sendEvent({ event: "a" })).toEqual({ ok: false, error: "network" });
    client.optOut();
    client.stop();
    expect(client.getVisitorId()).toBe("");
    expect(collector.requests).toEqual([]);
  });
});

function stubDocument(key: string, value: unknown): void {
  Object.defineProperty(document, key, { configurable: true, value });
  onTestFinished(() => void Reflect.deleteProperty(document, key));
}
