import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Answer, fakeCollector, heldAnswer, offline } from "../../test/fake-collector.ts";
import { settle } from "../../test/open-client-lab.ts";
import { openOrigin } from "../../test/open-origin.ts";
import { transportTo } from "../../test/open-transport.ts";
import { spyClient } from "../../test/spy-client.ts";
import type { StorageArea } from "../core/outbox.ts";
import { type OfflineQueueOptions, offlineQueue } from "./offline-queue.ts";

const NOW = 1_800_000_000_000;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** By then what waits is kept. */
const KEPT_MS = 150;
/** By then nobody that is alive has failed to say so. */
const ADOPTED_MS = 1000;
const down = new Array<Answer>(50).fill(offline);

let origin: ReturnType<typeof openOrigin>;
let stops: (() => void)[];

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
  origin = openOrigin();
  stops = [];
});
afterEach(async () => {
  for (const stop of stops) stop();
  await settle();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

function openPage(options?: OfflineQueueOptions, url?: string) {
  const page = origin.open(offlineQueue(options), url);
  stops.push(page.stop);
  return page;
}

/** Opens a page on which something is tracked at once, as page views are, and waits until all is sent. */
async function openNextPage(options?: OfflineQueueOptions) {
  const page = openPage(options);
  page.transport._enqueue("view");
  await vi.advanceTimersByTimeAsync(10_000);
  return page;
}

/** A page dies with so many events that it has tried to send. */
async function leaveBehind(count: number, options?: OfflineQueueOptions): Promise<void> {
  const page = openPage(options);
  page.push(count);
  await page.transport._dispatch();
  await vi.advanceTimersByTimeAsync(KEPT_MS);
  page.die();
}

const kept = () => origin.queues().map((key) => JSON.parse(origin.stored[key] ?? ""));
const namesOf = (events: { readonly event: string }[]) => events.map(({ event }) => event);
const keptNames = () => kept().map(([, { events }]) => namesOf(events));
const sent = (collector: ReturnType<typeof fakeCollector>, from = 0) =>
  collector.requests.slice(from).flatMap(({ body }) => body.events.map(({ event }) => event));

describe("what waits", () => {
  it("is kept a moment later, and no more once it is delivered", async () => {
    const collector = fakeCollector();
    const { transport, push } = openPage();
    push(5);
    expect(origin.queues()).toEqual([]);
    await vi.advanceTimersByTimeAsync(KEPT_MS);
    expect(keptNames()).toEqual([["e1", "e2", "e3", "e4", "e5"]]);
    await transport._dispatch();
    await vi.advanceTimersByTimeAsync(KEPT_MS);
    expect(collector.events()).toHaveLength(5);
    expect(Object.keys(origin.stored)).toEqual([]);
  });

  it("is written a few times for 71 events, not once for each", async () => {
    fakeCollector(...down);
    const writes = vi.fn(Reflect.set);
    const { transport, push } = transportTo(new Proxy<StorageArea>({ setItem: "a method" }, { set: writes }));
    stops.push(offlineQueue()(spyClient(transport)));
    push(71);
    await vi.advanceTimersByTimeAsync(KEPT_MS);
    expect(writes.mock.calls.length).toBeLessThan(8);
  });

  it("is kept with what is under way, until that is answered", async () => {
    const held = heldAnswer();
    fakeCollector(held.hold);
    const { transport, push } = openPage();
    push(2);
    const dispatched = transport._dispatch();
    push(1);
    await vi.advanceTimersByTimeAsync(KEPT_MS);
    const [[, , underWay]] = kept();
    expect(keptNames()).toEqual([["e3"]]);
    expect(namesOf(underWay)).toEqual(["e1", "e2"]);
    held.release(202);
    await dispatched;
    await vi.advanceTimersByTimeAsync(KEPT_MS);
    expect(keptNames()).toEqual([["e3"]]);
  });
});

describe("a page that has died", () => {
  it("has its events sent by the next page, as they were, once", async () => {
    const collector = fakeCollector(offline);
    await leaveBehind(3);
    await vi.advanceTimersByTimeAsync(DAY_MS);
    const before = collector.requests.length;
    await openNextPage();
    await openNextPage();
    expect(sent(collector, before).sort()).toEqual(["e1", "e2", "e3", "view", "view"]);
    const again = collector.requests.slice(before).flatMap(({ body }) => body.events);
    expect(again).toEqual(expect.arrayContaining([...(collector.requests[0]?.body.events ?? [])]));
    expect(Object.keys(origin.stored)).toEqual([]);
  });

  it("has its events adopted once, though two pages open at almost the same moment", async () => {
    const collector = fakeCollector(offline);
    await leaveBehind(3);
    const before = collector.requests.length;
    for (const { transport } of [openPage(), openPage()]) {
      transport._enqueue("view");
      await vi.advanceTimersByTimeAsync(5);
    }
    await vi.advanceTimersByTimeAsync(10_000);
    expect(sent(collector, before).sort()).toEqual(["e1", "e2", "e3", "view", "view"]);
  });

  it("has the events of its last request sent again within five minutes: nobody has seen the answer", async () => {
    const collector = fakeCollector(heldAnswer().hold);
    const dead = openPage();
    dead.push(2);
    dead.transport._dispatch();
    await vi.advanceTimersByTimeAsync(KEPT_MS);
    dead.die();
    await vi.advanceTimersByTimeAsync(4 * MINUTE_MS);
    await openNextPage();
    expect(sent(collector, 1).sort()).toEqual(["e1", "e2", "view"]);
    const ids = collector.requests.slice(1).flatMap(({ body }) => body.events.map(({ id }) => id));
    expect(ids).toContain(collector.requests[0]?.body.events[0]?.id);
  });

  it("does not have them sent again later: the collector would not know them any more", async () => {
    const collector = fakeCollector(heldAnswer().hold);
    const dead = openPage();
    dead.push(2);
    dead.transport._dispatch();
    dead.push(1);
    await vi.advanceTimersByTimeAsync(KEPT_MS);
    dead.die();
    await vi.advanceTimersByTimeAsync(6 * MINUTE_MS);
    await openNextPage();
    expect(sent(collector, 1).sort()).toEqual(["e3", "view"]);
  });

  it("has what is older than the limit given up, and counted", async () => {
    const collector = fakeCollector(...down.slice(0, 5));
    const dead = openPage();
    dead.push(2);
    await dead.transport._dispatch();
    await vi.advanceTimersByTimeAsync(3 * DAY_MS);
    dead.push(1);
    await vi.advanceTimersByTimeAsync(KEPT_MS);
    dead.die();
    await vi.advanceTimersByTimeAsync(5 * DAY_MS);
    const before = collector.requests.length;
    await openNextPage();
    expect(sent(collector, before).sort()).toEqual(["e3", "view"]);
    expect(counted(collector)).toBe(2);
    expect(Object.values(origin.stored).join("")).toBe("");
  });

  it.each(["", "{}", "null", "[]", "[1,2,3]", '[5,{"events":[5]},[]]', '[5,{"dropped":{}},[]]'])(
    "may have left %j, which is no queue: it is emptied, and nothing breaks",
    async (foreign) => {
      const collector = fakeCollector();
      const dead = openPage();
      dead.push(1);
      await vi.advanceTimersByTimeAsync(KEPT_MS);
      dead.die();
      for (const key of origin.queues()) origin.stored[key] = foreign;
      await openNextPage();
      expect(collector.batches()).toEqual([["view"]]);
      expect(Object.values(origin.stored).join("")).toBe("");
    },
  );
});

describe("a page that is alive", () => {
  it("says so when it is asked: nobody else sends what it has", async () => {
    const collector = fakeCollector(...down.slice(0, 5));
    const alive = openPage();
    alive.push(2);
    await alive.transport._dispatch();
    await vi.advanceTimersByTimeAsync(MINUTE_MS);
    const before = collector.requests.length;
    await openNextPage();
    expect(sent(collector, before)).toEqual(["view"]);
    expect(alive.waiting()).toEqual(["e1", "e2"]);
    expect(keptNames()).toEqual([["e1", "e2"]]);
  });

  it("loses nothing that came after its queue had been adopted, because it was too busy to say so", async () => {
    const collector = fakeCollector(...down.slice(0, 5));
    const busy = openPage();
    busy.push(2);
    await busy.transport._dispatch();
    await vi.advanceTimersByTimeAsync(MINUTE_MS);
    busy.freeze();
    await openNextPage();
    busy.thaw();
    busy.push(1);
    busy.hear("visibilitychange");
    await busy.transport._dispatch("visibilitychange");
    expect(sent(collector)).toContain("e3");
  });

  it("loses nothing where the page empties the storage, as on logout", async () => {
    const collector = fakeCollector();
    const { transport, push, hear } = openPage();
    push(2);
    await vi.advanceTimersByTimeAsync(KEPT_MS);
    for (const key of Object.keys(origin.stored)) delete origin.stored[key];
    hear("visibilitychange");
    await transport._dispatch("visibilitychange");
    expect(sent(collector)).toEqual(["e1", "e2"]);
  });
});

describe("more than may be kept", () => {
  it("leaves out the oldest, and the next page counts them: delivered + counted = made", async () => {
    const collector = fakeCollector(offline);
    const dead = openPage({ maxLength: 5000 });
    dead.push(20, 400);
    await dead.transport._dispatch();
    await vi.advanceTimersByTimeAsync(KEPT_MS);
    const [key = ""] = origin.queues();
    expect(origin.stored[key]?.length).toBeLessThanOrEqual(5000);
    expect(keptNames()[0]?.at(-1)).toBe("e20");
    dead.die();
    const before = collector.requests.length;
    await openNextPage();
    expect(delivered(collector, before) + counted(collector)).toBe(20);
    expect(delivered(collector, before)).toBeGreaterThan(5);
  });

  it("is not counted twice where the page has time to say so itself: delivered + counted = made", async () => {
    const collector = fakeCollector();
    const page = openPage({ maxLength: 80_000 });
    page.push(28, 7200);
    page.leave();
    page.die();
    await openNextPage();
    expect(delivered(collector) + counted(collector)).toBe(28);
  });

  it("is kept with the page alone where storage is full, without an older state that would come back", async () => {
    const collector = fakeCollector(offline);
    let isFull = false;
    const target: StorageArea = { setItem: "a method" };
    const area = new Proxy(target, {
      set(...args) {
        if (isFull) throw new DOMException("full", "QuotaExceededError");
        return Reflect.set(...args);
      },
    });
    const { push, transport } = transportTo(area);
    stops.push(offlineQueue()(spyClient(transport)));
    push(1);
    await transport._dispatch();
    await vi.advanceTimersByTimeAsync(KEPT_MS);
    expect(Object.keys(target)).toHaveLength(2);
    isFull = true;
    push(1);
    await vi.advanceTimersByTimeAsync(KEPT_MS);
    expect(Object.keys(target)).toEqual(["setItem"]);
    await transport._dispatch();
    expect(sent(collector).slice(-2)).toEqual(["e1", "e2"]);
  });
});

describe("when the page is left", () => {
  it("all that cannot be sent is kept at once, and nothing is counted as lost", async () => {
    const held = heldAnswer();
    const collector = fakeCollector(held.hold);
    const page = openPage();
    page.push(28, 7200);
    page.leave();
    expect(collector.requests[0]?.body.dropped).toEqual({});
    expect((collector.batches()[0]?.length ?? 0) + (keptNames()[0]?.length ?? 0)).toBe(28);
    page.die();
    held.release(202);
    await openNextPage();
    await vi.advanceTimersByTimeAsync(MINUTE_MS);
    expect(delivered(collector)).toBe(28);
    expect(counted(collector)).toBe(0);
  });

  it("holds no Web Lock, with which Firefox would not take it into the back/forward cache", async () => {
    const request = vi.fn();
    Object.defineProperty(navigator, "locks", { configurable: true, value: { request } });
    fakeCollector(...down);
    const page = openPage();
    page.push(3);
    await page.leave();
    expect(request).not.toHaveBeenCalled();
    Reflect.deleteProperty(navigator, "locks");
  });

  /** Has a page go to the back/forward cache with events that it could not send. */
  async function leave() {
    const collector = fakeCollector(offline, offline);
    const page = openPage();
    page.push(3);
    await page.transport._dispatch();
    await page.leave();
    page.freeze();
    return { page, collector, before: collector.requests.length };
  }

  it.each(["pageshow", "visibilitychange"])(
    "and comes back by %s, it drops what another page has adopted",
    async (type) => {
      const { page, collector, before } = await leave();
      await openNextPage();
      page.thaw();
      page.hear(type, { persisted: true });
      await page.transport._dispatch("visibilitychange");
      await vi.advanceTimersByTimeAsync(MINUTE_MS);
      expect(sent(collector, before).sort()).toEqual(["e1", "e2", "e3", "view"]);
    },
  );

  it("and comes back to find that nobody has adopted it, it sends it itself", async () => {
    const { page, collector, before } = await leave();
    page.thaw();
    page.hear("pageshow", { persisted: true });
    await page.transport._dispatch("visibilitychange");
    expect(sent(collector, before)).toEqual(["e1", "e2", "e3"]);
    await vi.advanceTimersByTimeAsync(ADOPTED_MS);
    expect(Object.keys(origin.stored)).toEqual([]);
  });

  it("the first pageshow of a page drops nothing", () => {
    const { push, waiting, hear } = openPage();
    push(2);
    hear("pageshow", { persisted: false });
    expect(waiting()).toEqual(["e1", "e2"]);
  });
});

describe("where there is nothing to keep in", () => {
  it("does nothing: memory and no identity touch no storage", async () => {
    fakeCollector(...down);
    const area: StorageArea = {};
    const { push, transport } = transportTo(area);
    offlineQueue()(spyClient(transport));
    push(2);
    await transport._dispatch("pagehide");
    await vi.advanceTimersByTimeAsync(1000);
    expect(area).toEqual({});
    expect(transport._observe).toBeUndefined();
  });

  it("does nothing where there is no outbox, as for a client that is not ours", () => {
    expect(() => offlineQueue()(spyClient())()).not.toThrow();
  });
});

describe("stop", () => {
  it("leaves what is kept to the next page", async () => {
    const collector = fakeCollector(offline);
    const page = openPage();
    page.push(1);
    await page.transport._dispatch();
    await vi.advanceTimersByTimeAsync(KEPT_MS);
    const before = collector.requests.length;
    page.die();
    expect(origin.queues()).toHaveLength(1);
    await openNextPage();
    expect(sent(collector, before).sort()).toEqual(["e1", "view"]);
  });

  it("and start again keep each event once", async () => {
    fakeCollector(...down);
    const start = offlineQueue();
    const { transport, push } = openPage();
    stops.pop()?.();
    const area = transport._area;
    expect(area.setItem).toBeDefined();
    stops.push(start(spyClient(transport)));
    push(2);
    await vi.advanceTimersByTimeAsync(KEPT_MS);
    expect(keptNames()).toEqual([["e1", "e2"]]);
  });

  it("writes nothing any more, though the answer to a request comes only then", async () => {
    const held = heldAnswer();
    fakeCollector(held.hold);
    const page = openPage();
    page.push(1);
    const dispatched = page.transport._dispatch();
    page.stop();
    for (const key of Object.keys(origin.stored)) delete origin.stored[key];
    held.release(503);
    await dispatched;
    await vi.advanceTimersByTimeAsync(ADOPTED_MS);
    expect(Object.keys(origin.stored)).toEqual([]);
  });
});

it.each<[string, ProxyHandler<object>]>([
  ["written", { set: broken }],
  ["written or emptied", { set: broken, deleteProperty: broken }],
  ["listed", { ownKeys: broken }],
  ["used at all", { set: broken, deleteProperty: broken, ownKeys: broken, getOwnPropertyDescriptor: broken }],
])("costs no event where storage has opened, and cannot be %s", async (_, handler) => {
  const collector = fakeCollector(offline);
  const { transport, push } = transportTo(new Proxy({ setItem: () => {} }, handler) as unknown as StorageArea);
  stops.push(offlineQueue()(spyClient(transport)));
  push(2);
  await vi.advanceTimersByTimeAsync(KEPT_MS);
  await transport._dispatch();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(sent(collector, 1)).toEqual(["e1", "e2"]);
});

function broken(): never {
  throw new DOMException("no", "NS_ERROR_FILE_CORRUPTED");
}

it("keeps the events of two collectors apart", async () => {
  const collector = fakeCollector(offline);
  await leaveBehind(1);
  const before = collector.requests.length;
  const other = openPage({}, "https://other.example/events");
  other.transport._enqueue("view");
  await vi.advanceTimersByTimeAsync(10_000);
  expect(collector.requests.at(-1)?.url).toBe("https://other.example/events");
  expect(sent(collector, before)).toEqual(["view"]);
});

/** How many different events, besides views, have reached a collector that answered, or may have. */
function delivered({ requests }: ReturnType<typeof fakeCollector>, from = 0): number {
  const ids = new Set(requests.slice(from).flatMap(({ body }) => body.events.map(({ id }) => id)));
  ids.delete("id-view");
  return ids.size;
}

function counted({ requests }: ReturnType<typeof fakeCollector>): number {
  return requests.flatMap(({ body }) => Object.values(body.dropped ?? {})).reduce((sum, count) => sum + count, 0);
}

it("keeps what a page tracks between the two turns by which it comes back from the back/forward cache", async () => {
  const collector = fakeCollector(offline, offline);
  const page = openPage();
  page.push(3);
  await page.transport._dispatch();
  await page.leave();
  page.freeze();
  const before = collector.requests.length;
  // Another page adopts what it has left.
  await openNextPage();
  page.thaw();
  page.hear("visibilitychange");
  await page.transport._dispatch("visibilitychange");
  page.transport._enqueue("back");
  page.hear("pageshow", { persisted: true });
  await page.transport._dispatch();
  const names = collector.requests.slice(before).flatMap(({ body }) => body.events.map(({ event }) => event));
  expect(names.sort()).toEqual(["back", "e1", "e2", "e3", "view"]);
});
