import { describe, expect, it, vi } from "vitest";
import { heldAnswer, offline, setVisibility } from "../../test/fake-collector.ts";
import { openClientLab, START_MS, settle, storedKeys, stubNavigator } from "../../test/open-client-lab.ts";
import { pageViews } from "../beacons/page-views.ts";
import type { Tallymark, TallymarkOptions } from "./options.ts";

const lab = openClientLab();
const MINUTE_MS = 60_000;

/** A Web storage that says what is done with it. */
function watchedStorage() {
  const uses: string[] = [];
  const use =
    (what: string) =>
    (_: object, key?: string | symbol): undefined => {
      uses.push(`${what} ${String(key ?? "")}`);
    };
  const storage = new Proxy(
    {},
    { get: use("get"), set: () => uses.push("set") > 0, ownKeys: () => [], has: () => false },
  );
  return { storage: storage as Storage, uses };
}

/** Leaves what an earlier page of the same visitor has left. */
function leaveTraces(): void {
  localStorage.setItem("tallymark_id", JSON.stringify(["1-2-3-4", "5-6-7-8", START_MS]));
  localStorage.setItem("tallymark_queue_1-2-3-4", "[[],[],0]");
  localStorage.setItem("theme", "dark");
}

describe("while consent is pending", () => {
  it("nothing is sent, nothing is stored and nothing is read, whatever happens", async () => {
    const { storage, uses } = watchedStorage();
    const spies = (["localStorage", "sessionStorage"] as const).map((area) =>
      vi.spyOn(globalThis, area, "get").mockReturnValue(storage),
    );
    const beforeSend = vi.fn((event) => event);
    const { client, collector } = lab.begin({ consent: "pending", beforeSend, beacons: [pageViews()] });
    for (let index = 0; index < 40; index++) client.track("a");
    await client.flush();
    expect(await client.sendEvent({ event: "a" })).toEqual({ ok: false, error: "network" });
    expect(client.getVisitorId()).toBe("");
    setVisibility("hidden");
    for (const type of ["pagehide", "online"]) dispatchEvent(new Event(type));
    await vi.advanceTimersByTimeAsync(20 * MINUTE_MS);
    for (const spy of spies) spy.mockRestore();
    expect(collector.requests).toEqual([]);
    expect(uses).toEqual([]);
    expect(storedKeys()).toEqual([]);
    expect(document.cookie).toBe("");
    expect(beforeSend).not.toHaveBeenCalled();
  });

  it("events wait, and go out on grant: once, in order, with the page and the time they happened at", async () => {
    const { client, collector } = lab.begin({ consent: "pending" });
    client.track("a");
    await vi.advanceTimersByTimeAsync(MINUTE_MS);
    history.replaceState({}, "", "/later");
    client.track("b");
    client.optIn();
    client.optIn();
    client.track("c");
    await client.flush();
    expect(collector.events()).toMatchObject([
      { event: "a", ts: START_MS, url: "/shop" },
      { event: "b", ts: START_MS + MINUTE_MS, url: "/later" },
      { event: "c", ts: START_MS + MINUTE_MS, url: "/later" },
    ]);
  });

  it("page views wait too, and are not counted again on grant", async () => {
    const { client, collector } = lab.begin({ consent: "pending", beacons: [pageViews()] });
    client.optIn();
    await settle();
    expect(collector.batches()).toEqual([["page_view"]]);
  });

  it("the newest thousand events are kept, and the others are counted", async () => {
    const { client, collector } = lab.begin({ consent: "pending" });
    for (let index = 0; index < 1003; index++) client.track(`e${index}`);
    client.optIn();
    await client.flush();
    expect(collector.events()).toHaveLength(1000);
    expect(collector.events()[0]?.event).toBe("e3");
    expect(collector.events().at(-1)?.event).toBe("e1002");
    expect(collector.requests.map(({ body }) => body.dropped).filter((dropped) => dropped?.queue_full)).toEqual([
      { queue_full: 3 },
    ]);
  });

  it("30 minutes are the limit: what waited is gone, and the visitor counts as refusing", async () => {
    const { client, collector } = lab.begin({ consent: "pending", beacons: [pageViews()] });
    client.track("early");
    await vi.advanceTimersByTimeAsync(30 * MINUTE_MS);
    client.track("late");
    client.optIn();
    await client.flush();
    expect(collector.batches()).toEqual([["page_view"]]);
    expect(collector.events()[0]?.ts).toBe(START_MS + 30 * MINUTE_MS);
  });

  it("29 minutes are within the limit, which no longer counts after the grant", async () => {
    const { client, collector } = lab.begin({ consent: "pending" });
    client.track("early");
    await vi.advanceTimersByTimeAsync(29 * MINUTE_MS);
    client.optIn();
    await vi.advanceTimersByTimeAsync(29 * MINUTE_MS);
    client.track("late");
    await client.flush();
    expect(collector.batches()).toEqual([["early"], ["late"]]);
  });

  it("a refusal wipes what waited, and what an earlier page has stored", async () => {
    leaveTraces();
    const { client, collector } = lab.begin({ consent: "pending" });
    client.track("early");
    client.optOut();
    expect(storedKeys()).toEqual(["theme"]);
    client.optIn();
    await client.flush();
    expect(collector.requests).toEqual([]);
  });

  it("stop forgets what waited, and its time limit wipes nothing later", async () => {
    const { client, collector } = lab.begin({ consent: "pending" });
    client.track("early");
    client.stop();
    localStorage.setItem("tallymark_id", "of the next client");
    await vi.advanceTimersByTimeAsync(31 * MINUTE_MS);
    expect(collector.requests).toEqual([]);
    expect(storedKeys()).toEqual(["tallymark_id"]);
  });
});

describe.each<[string, Partial<TallymarkOptions>, Record<string, unknown>]>([
  ["consent is denied", { consent: "denied" }, {}],
  ["Global Privacy Control is on", { consent: "granted" }, { globalPrivacyControl: true }],
  ["Global Privacy Control is on while consent is pending", { consent: "pending" }, { globalPrivacyControl: true }],
  ["Do Not Track is on and to be respected", { respectDnt: true }, { doNotTrack: "1" }],
])("where %s", (_, options, signals) => {
  const begin = () => {
    stubNavigator(signals);
    return lab.begin({ ...options, beacons: [pageViews()] });
  };

  it("nothing is captured, sent or stored, and traces of earlier pages are wiped, but nobody else's", async () => {
    leaveTraces();
    const { client, collector } = begin();
    client.track("a");
    await client.flush();
    expect(await client.sendEvent({ event: "a" })).toEqual({ ok: false, error: "network" });
    expect(client.getVisitorId()).toBe("");
    dispatchEvent(new Event("pagehide"));
    await vi.advanceTimersByTimeAsync(40 * MINUTE_MS);
    expect(collector.requests).toEqual([]);
    expect(storedKeys()).toEqual(["theme"]);
  });

  it("the visitor may agree later: then there is one page view, and nothing of before", async () => {
    const { client, collector } = begin();
    client.track("before");
    client.optIn();
    client.optIn();
    client.track("after");
    await client.flush();
    expect(collector.events().map(({ event }) => event)).toEqual(["page_view", "after"]);
  });
});

it.each<[string, Partial<TallymarkOptions>, Record<string, unknown>]>([
  ["Global Privacy Control where the page says so", { respectGpc: false }, { globalPrivacyControl: true }],
  ["Do Not Track by default", {}, { doNotTrack: "1" }],
  ["signals that are off", { respectDnt: true }, { globalPrivacyControl: false, doNotTrack: "0" }],
])("ignores %s", async (_, options, signals) => {
  stubNavigator(signals);
  const { client, collector } = lab.begin(options);
  client.track("a");
  await client.flush();
  expect(collector.batches()).toEqual([["a"]]);
});

describe("optOut", () => {
  it("wipes queue, ids and keys, stops the beacons, and makes later calls do nothing", async () => {
    const stopBeacon = vi.fn();
    const { client, collector } = lab.begin({ beacons: [() => stopBeacon, pageViews()] });
    await client.flush();
    localStorage.setItem("tallymark_queue_1-2-3-4", "[[],[],0]");
    client.track("waiting");
    client.optOut();
    expect(storedKeys()).toEqual([]);
    expect(stopBeacon).toHaveBeenCalledTimes(1);
    client.track("after");
    history.pushState({}, "", "/elsewhere");
    await client.flush();
    expect(await client.sendEvent({ event: "after" })).toEqual({ ok: false, error: "network" });
    expect(client.getVisitorId()).toBe("");
    setVisibility("hidden");
    await vi.advanceTimersByTimeAsync(MINUTE_MS);
    expect(collector.batches()).toEqual([["page_view"]]);
    expect(storedKeys()).toEqual([]);
  });

  it("lets a batch that is under way and fails after it go, instead of keeping it", async () => {
    const held = heldAnswer();
    const { client, collector } = lab.begin({}, held.hold);
    client.track("a");
    const flushed = client.flush();
    client.optOut();
    held.release(503);
    await flushed;
    client.optIn();
    await client.flush();
    await vi.advanceTimersByTimeAsync(10 * MINUTE_MS);
    expect(collector.batches()).toEqual([["a"]]);
  });

  it("is final for the ids: who agrees again is somebody new, with one page view more", async () => {
    const { client, collector } = lab.begin({ beacons: [pageViews()] });
    const before = client.getVisitorId();
    await client.flush();
    client.optOut();
    client.optIn();
    await client.flush();
    expect(collector.batches()).toEqual([["page_view"], ["page_view"]]);
    const [first, second] = collector.events();
    expect(first?.visitor_id).toBe(before);
    expect(second?.visitor_id).not.toBe(before);
    expect(second?.session_id).not.toBe(first?.session_id);
  });

  it("stops a beacon once, though stop follows", () => {
    const stopBeacon = vi.fn();
    const { client } = lab.begin({ beacons: [() => stopBeacon] });
    client.optOut();
    client.optOut();
    client.stop();
    expect(stopBeacon).toHaveBeenCalledTimes(1);
  });
});

describe("forget", () => {
  /** Starts a client that has ids, and has something waiting. */
  const begin = (...answers: Parameters<typeof lab.begin> extends [unknown?, ...infer Rest] ? Rest : never) => {
    const set = lab.begin({}, ...answers);
    set.client.getVisitorId();
    set.client.track("waiting");
    return set;
  };
  const expectForgotten = (client: Tallymark) => {
    expect(storedKeys()).toEqual([]);
    expect(client.getVisitorId()).toBe("");
  };

  it("asks the collector to erase this visitor, and forgets here when it has", async () => {
    const { client, collector } = begin();
    const visitor_id = client.getVisitorId();
    expect(await client.forget()).toBe(true);
    expect(collector.requests.map(({ url }) => url)).toEqual(["https://stats.example/api/metrics/forget"]);
    expect(collector.requests[0]?.body).toMatchObject({ visitor_id });
    expectForgotten(client);
    await vi.advanceTimersByTimeAsync(MINUTE_MS);
    expect(collector.requests).toHaveLength(1);
  });

  it.each([400, 403, 404])(
    "forgets here though the collector refuses with %d, and says that it has not",
    async (status) => {
      const { client } = begin(status);
      expect(await client.forget()).toBe(false);
      expectForgotten(client);
    },
  );

  it.each([
    ["answers 429", 429],
    ["answers 503", 503],
    ["cannot be reached", offline],
  ] as const)("wipes nothing where the collector %s, so that it can be called again", async (_, answer) => {
    const { client, collector } = begin(answer);
    const visitor_id = client.getVisitorId();
    expect(await client.forget()).toBe(false);
    expect(client.getVisitorId()).toBe(visitor_id);
    expect(await client.forget()).toBe(true);
    expect(collector.requests.map(({ body }) => body.visitor_id)).toEqual([visitor_id, visitor_id]);
    expectForgotten(client);
  });

  it("does nothing after stop", async () => {
    const { client, collector } = lab.begin();
    client.stop();
    expect(await client.forget()).toBe(false);
    expect(collector.requests).toEqual([]);
  });

  it("makes no id and stores nothing without consent, though the collector is away", async () => {
    const { client } = lab.begin({ consent: "denied" }, offline);
    await client.forget();
    expect(storedKeys()).toEqual([]);
  });
});
