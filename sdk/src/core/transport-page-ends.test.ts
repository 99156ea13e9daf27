import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { heldAnswer, offline, setVisibility } from "../../test/fake-collector.ts";
import { settle } from "../../test/open-client-lab.ts";
import { openTransport } from "../../test/open-transport.ts";

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => {
  setVisibility("visible");
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const names = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => `e${from + index}`);

describe("when the page is hidden the transport", () => {
  it("sends what waits beside the request under way, at once, and nothing twice", async () => {
    const held = heldAnswer();
    const { collector, transport, push } = openTransport(held.hold);
    push(30);
    push(2);
    transport._dispatch("visibilitychange");
    expect(collector.batches()).toEqual([names(1, 30), names(31, 32)]);
    held.release(202);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(collector.requests).toHaveLength(2);
  });

  it("sends what is tracked from then on at once, though a request has failed before", async () => {
    const { collector, transport, push } = openTransport(offline);
    setVisibility("hidden");
    await transport._dispatch("visibilitychange");
    push(1);
    expect(collector.batches()).toEqual([["e1"]]);
    await settle();
    await transport._dispatch("pagehide");
    expect(collector.batches()).toEqual([["e1"], ["e1"]]);
  });

  it("sends what beacons say at that turn in one request, at its end", async () => {
    const { collector, transport, push } = openTransport();
    setVisibility("hidden");
    push(2);
    expect(collector.requests).toEqual([]);
    await transport._dispatch("visibilitychange");
    setVisibility("visible");
    await transport._dispatch("visibilitychange");
    push(1);
    setVisibility("hidden");
    push(1);
    await transport._dispatch("visibilitychange");
    expect(collector.batches()).toEqual([
      ["e1", "e2"],
      ["e3", "e4"],
    ]);
  });

  it("keeps what does not fit into the browser's budget, and sends it after the answer", async () => {
    const { collector, transport, push } = openTransport();
    push(20, 7000);
    const dispatched = transport._dispatch("visibilitychange");
    expect(collector.requests).toHaveLength(1);
    await dispatched;
    expect(collector.events().map(({ event }) => event)).toEqual(names(1, 20));
    expect(collector.requests.every(({ body }) => !body.dropped?.page_left)).toBe(true);
  });

  it("sends one event that is too large for the budget by a plain request, for the page lives", async () => {
    const { collector, transport, push } = openTransport();
    push(1, 70_000);
    await transport._dispatch("visibilitychange");
    expect(collector.events().map(({ event }) => event)).toEqual(["e1"]);
    expect(collector.requests.at(-1)?.init.keepalive).toBe(false);
  });
});

describe("when the page is left the transport", () => {
  it("sends what fits and counts the rest in the same request: events sent + page_left = events made", async () => {
    const { collector, transport, push } = openTransport();
    push(28, 7200);
    const dispatched = transport._dispatch("pagehide");
    expect(collector.requests).toHaveLength(1);
    const [request] = collector.requests;
    expect(request?.init.keepalive).toBe(true);
    expect(request?.body.events.length).toBeGreaterThan(5);
    expect((request?.body.events.length ?? 0) + (request?.body.dropped?.page_left ?? 0)).toBe(28);
    await dispatched;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(collector.requests).toHaveLength(1);
  });

  it("says that one event was too large for it", async () => {
    const { collector, transport, push } = openTransport();
    push(1, 70_000);
    await transport._dispatch("pagehide");
    expect(collector.requests).toHaveLength(1);
    expect(collector.requests[0]).toMatchObject({
      init: { keepalive: true },
      body: { events: [], dropped: { page_left: 1 } },
    });
  });

  it("counts nothing as lost that an observer has kept", async () => {
    const { collector, transport, push, waiting } = openTransport(offline);
    transport._observe = (_batch, turn) => turn === "pagehide";
    push(28, 7200);
    await transport._dispatch("pagehide");
    expect(collector.requests[0]?.body.dropped).toEqual({});
    expect(waiting()).toEqual(names(1, 28));
  });

  it("reports what was dropped though no event waits", async () => {
    const { collector, transport } = openTransport();
    transport._drop("invalid_event");
    await transport._dispatch("pagehide");
    expect(collector.requests.map(({ body }) => body.dropped)).toEqual([{ invalid_event: 1 }]);
  });
});

describe("the transport tells its observer", () => {
  it("of each change: events, once for a burst, a batch taken out, and the same batch settled", async () => {
    const { transport, push } = openTransport(offline);
    const observe = vi.fn();
    transport._observe = observe;
    push(3);
    await vi.advanceTimersByTimeAsync(100);
    expect(observe.mock.calls).toEqual([[]]);
    await transport._dispatch("visibilitychange");
    const [batch] = observe.mock.calls[1] ?? [];
    expect(batch).toHaveLength(3);
    expect(observe.mock.calls.slice(1)).toEqual([
      [batch, "visibilitychange"],
      [batch, false, undefined],
    ]);
    expect(observe.mock.calls[2]?.[0]).toBe(batch);
  });

  it("of nothing without consent", async () => {
    const { transport, push, deactivate } = openTransport();
    const observe = vi.fn();
    transport._observe = observe;
    deactivate();
    push(1);
    await transport._dispatch("pagehide");
    expect(observe).not.toHaveBeenCalled();
  });
});
