import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Answer, fakeCollector, heldAnswer, offline } from "../../test/fake-collector.ts";
import { fakeFetchLater } from "../../test/fake-fetch-later.ts";
import { settle } from "../../test/open-client-lab.ts";
import { transportTo } from "../../test/open-transport.ts";
import { spyClient } from "../../test/spy-client.ts";
import { deferredFlush } from "./deferred-flush.ts";

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function openPage(quota?: number, ...answers: Answer[]) {
  const browser = fakeFetchLater(quota);
  const collector = fakeCollector(...answers);
  const { transport, push } = transportTo();
  const stop = deferredFlush()(spyClient(transport));
  return { browser, collector, transport, push, stop };
}

describe("what waits", () => {
  it("is left with the browser a moment later, once for a burst, as the page would send it", async () => {
    const { browser, push } = openPage();
    push(3);
    expect(browser.fetchLater).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(100);
    expect(browser.fetchLater).toHaveBeenCalledTimes(1);
    expect(browser.names()).toEqual(["e1", "e2", "e3"]);
    const [request] = browser.deferred();
    expect(request).toMatchObject({ url: "/events", init: { method: "POST" } });
    expect(request?.init.headers).toBeUndefined();
    expect(Object.keys(request?.body ?? {})).toEqual(["sent_at", "events"]);
  });

  it("replaces what was left there before, as it grows", async () => {
    const { browser, push } = openPage();
    push(1);
    await vi.advanceTimersByTimeAsync(100);
    push(1);
    await vi.advanceTimersByTimeAsync(100);
    expect(browser.deferred()).toHaveLength(1);
    expect(browser.names()).toEqual(["e1", "e2"]);
  });

  it("is taken back before the page sends it itself: it must not leave twice", async () => {
    const held = heldAnswer();
    const { browser, collector, transport, push } = openPage(undefined, held.hold);
    push(2);
    await vi.advanceTimersByTimeAsync(100);
    const dispatched = transport._dispatch();
    expect(collector.batches()).toEqual([["e1", "e2"]]);
    expect(browser.deferred()).toEqual([]);
    held.release(202);
    await dispatched;
    await vi.advanceTimersByTimeAsync(1000);
    expect(browser.deferred()).toEqual([]);
  });

  it("is left there again when the page could not send it, with the same ids", async () => {
    const { browser, collector, transport, push } = openPage(undefined, offline);
    push(2);
    await transport._dispatch();
    expect(browser.deferred()[0]?.body.events).toEqual(collector.requests[0]?.body.events);
  });

  it("is left there whole or not at all: a part would be delivered, and counted as left behind too", async () => {
    const { browser, push } = openPage();
    push(8, 7000);
    await vi.advanceTimersByTimeAsync(100);
    expect(browser.names()).toHaveLength(8);
    push(1, 7000);
    await vi.advanceTimersByTimeAsync(100);
    expect(browser.deferred()).toEqual([]);
  });

  it("is not left there where its first event is too large: no empty request either", async () => {
    const { browser, push } = openPage();
    push(1, 70_000);
    await vi.advanceTimersByTimeAsync(100);
    expect(browser.deferred()).toEqual([]);
  });
});

describe("when the page is left", () => {
  it("nothing is counted as lost that is with the browser", async () => {
    const { browser, collector, transport, push } = openPage();
    push(12, 7200);
    transport._dispatch("pagehide");
    expect(collector.requests).toHaveLength(1);
    expect(collector.requests[0]?.body.dropped).toEqual({});
    expect([...(collector.batches()[0] ?? []), ...browser.names()]).toHaveLength(12);
    await settle();
  });

  it("with more than fits anywhere: delivered + counted = made", async () => {
    const { browser, collector, transport, push } = openPage();
    push(28, 7200);
    transport._dispatch("pagehide");
    const [request] = collector.requests;
    const delivered = (request?.body.events.length ?? 0) + browser.names().length;
    expect(delivered + (request?.body.dropped?.page_left ?? 0)).toBe(28);
    await settle();
  });

  it("what was dropped before is counted by one request, not by both", async () => {
    const { browser, collector, transport, push } = openPage();
    transport._drop("invalid_event");
    push(12, 7200);
    transport._dispatch("pagehide");
    const bodies = [...collector.requests, ...browser.deferred()].map(({ body }) => body);
    expect(bodies).toHaveLength(2);
    expect(bodies.filter(({ dropped }) => dropped?.invalid_event)).toHaveLength(1);
    await settle();
  });
});

describe("a browser", () => {
  it("that has no room left changes nothing: the page sends and counts as it would", async () => {
    const { browser, collector, transport, push } = openPage(100);
    push(4, 7200);
    await vi.advanceTimersByTimeAsync(100);
    push(24, 7200);
    expect(browser.fetchLater).toHaveBeenCalled();
    transport._dispatch("pagehide");
    const [request] = collector.requests;
    expect((request?.body.events.length ?? 0) + (request?.body.dropped?.page_left ?? 0)).toBe(28);
    await settle();
  });

  it("without fetchLater changes nothing", async () => {
    vi.stubGlobal("fetchLater", undefined);
    const collector = fakeCollector();
    const { transport, push } = transportTo();
    const stop = deferredFlush()(spyClient(transport));
    expect(transport._observe).toBeUndefined();
    push(1);
    await transport._dispatch();
    expect(collector.batches()).toEqual([["e1"]]);
    expect(stop).not.toThrow();
  });
});

describe("beside another observer", () => {
  it("tells it everything, and nothing is lost that the other has kept", () => {
    fakeFetchLater(100);
    const collector = fakeCollector();
    const { transport, push } = transportTo();
    const observe = vi.fn((_batch?: readonly string[], turn?: unknown) => turn === "pagehide");
    transport._observe = observe;
    deferredFlush()(spyClient(transport));
    push(12, 7200);
    transport._dispatch("pagehide");
    expect(observe).toHaveBeenCalledExactlyOnceWith(expect.any(Array), "pagehide", undefined);
    expect(collector.requests[0]?.body.dropped).toEqual({});
  });
});

describe("stop", () => {
  it("takes back what is with the browser, and leaves no timer", async () => {
    const { browser, transport, push, stop } = openPage();
    push(1);
    await vi.advanceTimersByTimeAsync(100);
    await transport._dispatch();
    push(1);
    await vi.advanceTimersByTimeAsync(100);
    expect(browser.names()).toEqual(["e2"]);
    stop();
    expect(browser.deferred()).toEqual([]);
  });

  it("and start again leave each event with the browser once", async () => {
    const browser = fakeFetchLater();
    fakeCollector();
    const { transport, push } = transportTo();
    const start = deferredFlush();
    start(spyClient(transport))();
    start(spyClient(transport));
    push(2);
    await vi.advanceTimersByTimeAsync(100);
    expect(browser.names()).toEqual(["e1", "e2"]);
  });
});
