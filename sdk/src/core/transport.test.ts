import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { heldAnswer, offline, setVisibility } from "../../test/fake-collector.ts";
import { settle } from "../../test/open-client-lab.ts";
import { openTransport, transportTo } from "../../test/open-transport.ts";

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => {
  setVisibility("visible");
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const KEEPALIVE_BYTES = 65_000;
const names = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => `e${from + index}`);

describe("transport", () => {
  it("sends nothing and sets no timer before there is an event", async () => {
    const { collector, transport } = openTransport();
    await transport._dispatch();
    await transport._dispatch("pagehide");
    expect(vi.getTimerCount()).toBe(0);
    expect(collector.requests).toEqual([]);
  });

  it("sends when 30 wait, in one batch with the clock, as text that needs no preflight", async () => {
    const { collector, push } = openTransport();
    push(29);
    await settle();
    expect(collector.requests).toEqual([]);
    push(1);
    await settle();
    expect(collector.batches()).toEqual([names(1, 30)]);
    expect(collector.requests[0]).toMatchObject({
      url: "/events",
      body: { sent_at: 1_000_029, dropped: {} },
      init: { method: "POST", keepalive: true },
    });
    expect(collector.requests[0]?.init.headers).toBeUndefined();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(collector.requests).toHaveLength(1);
  });

  it("sends after 5 seconds, counted from the first waiting event", async () => {
    const { collector, push } = openTransport();
    push(1);
    await vi.advanceTimersByTimeAsync(4000);
    push(1);
    await vi.advanceTimersByTimeAsync(998);
    expect(collector.requests).toEqual([]);
    await vi.advanceTimersByTimeAsync(2);
    expect(collector.batches()).toEqual([["e1", "e2"]]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(collector.requests).toHaveLength(1);
  });

  it("sends on request, which resolves after the answer", async () => {
    const held = heldAnswer();
    const { transport, push } = openTransport(held.hold);
    push(1);
    const done = vi.fn();
    const dispatched = transport._dispatch().then(done);
    await settle();
    expect(done).not.toHaveBeenCalled();
    held.release(202);
    await dispatched;
    expect(done).toHaveBeenCalledTimes(1);
  });

  it("has an event in one request at a time", async () => {
    const held = heldAnswer();
    const { collector, transport, push } = openTransport(held.hold);
    push(30);
    await settle();
    push(4);
    await transport._dispatch();
    held.release(202);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(collector.batches()).toEqual([names(1, 30), names(31, 34)]);
  });

  it("leaves what is tracked during a request to the next batch, instead of sending it alone", async () => {
    const held = heldAnswer();
    const { collector, push } = openTransport(held.hold);
    push(30);
    await settle();
    push(1);
    held.release(202);
    await settle();
    expect(collector.requests).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(5000);
    expect(collector.batches()[1]).toEqual(["e31"]);
  });

  it("sends nothing without consent, and leaves no timer", async () => {
    const { collector, transport, push, deactivate } = openTransport();
    push(2);
    deactivate();
    await transport._dispatch("pagehide");
    await vi.advanceTimersByTimeAsync(100);
    expect(collector.requests).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("keeps the newest thousand, and counts the others once", async () => {
    const { collector, transport, push } = openTransport(offline);
    push(30);
    await settle();
    push(1000);
    await transport._dispatch();
    const received = collector.requests.slice(1);
    expect(received.flatMap(({ body }) => body.events.map(({ event }) => event))).toEqual(names(31, 1030));
    expect(received.map(({ body }) => body.dropped?.queue_full ?? 0).reduce((sum, count) => sum + count, 0)).toBe(30);
  });

  it("counts nothing that a page has added to Object.prototype", async () => {
    Object.assign(Object.prototype, { extend: () => {} });
    try {
      const { collector, transport, push } = openTransport(offline);
      transport._drop("invalid_event");
      push(1);
      await transport._dispatch();
      await transport._dispatch();
      expect(JSON.stringify(collector.requests[1]?.body.dropped)).toBe('{"invalid_event":1}');
    } finally {
      Reflect.deleteProperty(Object.prototype, "extend");
    }
  });
});

describe("a batch", () => {
  const sizeOf = (body: unknown) => new TextEncoder().encode(String(body)).length;

  it("is split by bytes, not characters, so that none is too large to outlive the page", async () => {
    const { collector, transport } = openTransport();
    for (let index = 1; index < 30; index++) {
      transport._enqueue(`e${index}`, { text: "€".repeat(2500) });
    }
    await transport._dispatch();
    const sizes = collector.requests.map(({ init }) => sizeOf(init.body));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(KEEPALIVE_BYTES);
    expect(sizes.length).toBeGreaterThan(3);
    expect(sizes.length).toBeLessThan(8);
    expect(collector.requests.every(({ init }) => init.keepalive)).toBe(true);
    expect(collector.events().map(({ event }) => event)).toEqual(names(1, 29));
  });

  it("of one event that is too large for any goes alone, by a plain request", async () => {
    const { collector, transport, push } = openTransport();
    push(1);
    push(1, 70_000);
    push(1);
    await transport._dispatch();
    expect(collector.batches()).toEqual([["e1"], ["e2"], ["e3"]]);
    expect(collector.requests.map(({ init }) => init.keepalive)).toEqual([true, false, true]);
  });

  it("of four events of 30 KB arrives whole", async () => {
    const { collector, transport, push } = openTransport();
    push(4, 30_000);
    await transport._dispatch();
    expect(collector.events().map(({ event }) => event)).toEqual(names(1, 4));
  });

  it("shares the browser's budget with another client, and leaves for later what does not fit", async () => {
    const held = heldAnswer();
    const { collector, transport, push } = openTransport(held.hold);
    const other = transportTo();
    push(2, 20_000);
    const first = transport._dispatch();
    other.push(4, 10_000);
    const second = other.transport._dispatch("visibilitychange");
    const sizes = collector.requests.map(({ init }) => sizeOf(init.body));
    expect(sizes[0]).toBeGreaterThan(40_000);
    expect((sizes[0] ?? 0) + (sizes[1] ?? 0)).toBeLessThanOrEqual(KEEPALIVE_BYTES);
    expect(collector.batches()[1]).toEqual(["e1", "e2"]);
    expect(collector.requests.every(({ init }) => init.keepalive)).toBe(true);
    held.release(202);
    await Promise.all([first, second]);
    expect(collector.batches().slice(2)).toEqual([["e3", "e4"]]);
  });

  it("finds the whole budget though a plain request is under way, which takes nothing of it", async () => {
    const held = heldAnswer();
    const { collector, transport, push } = openTransport(held.hold);
    push(1, 70_000);
    const first = transport._dispatch();
    push(5);
    const second = transport._dispatch("pagehide");
    held.release(202);
    await Promise.all([first, second]);
    expect(collector.requests[1]).toMatchObject({ init: { keepalive: true }, body: { dropped: {} } });
    expect(collector.batches()[1]).toEqual(names(2, 6));
  });

  it("does not shrink to one event each while slow answers hold the budget: that would be a storm", async () => {
    const held = heldAnswer();
    const { collector, transport, push } = openTransport(...new Array(400).fill(held.hold));
    push(300, 300);
    const requestsMade = collector.requests.length;
    held.release(202);
    await transport._dispatch();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(new Set(collector.events().map(({ event }) => event)).size).toBe(300);
    expect(requestsMade).toBeLessThan(20);
  });
});
