import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Answer, fakeCollector, heldAnswer, offline, setVisibility } from "../../test/fake-collector.ts";
import { createTransport } from "./transport.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  vi.spyOn(Math, "random").mockReturnValue(0.5);
});
afterEach(() => {
  setVisibility("visible");
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** A transport that flushes at 3 events or after 5 s, and a collector that answers as told. */
function setUp(...answers: Answer[]) {
  const collector = fakeCollector(...answers);
  let active = true;
  const transport = createTransport("/events", 3, 5000, () => active);
  let count = 0;
  return {
    collector,
    transport,
    /** Pushes events a, b, c … a millisecond apart. */
    push: (howMany: number) => {
      for (let index = 0; index < howMany; index++) {
        transport.push({ event: `e${++count}`, id: `id${count}`, ts: Date.now() });
        vi.setSystemTime(Date.now() + 1);
      }
    },
    deactivate: () => {
      active = false;
    },
  };
}

/** Lets promises go as far as they can, without a timer. */
const settle = () => vi.advanceTimersByTimeAsync(0);

describe("transport", () => {
  it("sends nothing and sets no timer before there is an event", async () => {
    const { collector, transport } = setUp();
    await transport.flush();
    expect(vi.getTimerCount()).toBe(0);
    expect(collector.requests).toHaveLength(0);
  });

  it("sends on count, in one batch with clock, name and version", async () => {
    const { collector, push } = setUp();
    push(2);
    await settle();
    expect(collector.requests).toHaveLength(0);
    push(1);
    await settle();
    expect(collector.batches()).toEqual([["e1", "e2", "e3"]]);
    expect(collector.requests[0]?.url).toBe("/events");
    expect(collector.requests[0]?.body).toMatchObject({
      sent_at: 1_000_003,
      sdk: expect.stringMatching(/^@tallymark\/sdk@\d+\.\d+\.\d+/),
      dropped: {},
    });
  });

  it("sends on time, counted from the first waiting event", async () => {
    const { collector, push } = setUp();
    push(1);
    await vi.advanceTimersByTimeAsync(4000);
    push(1);
    await vi.advanceTimersByTimeAsync(900);
    expect(collector.requests).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(200);
    expect(collector.batches()).toEqual([["e1", "e2"]]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(collector.requests).toHaveLength(1);
  });

  it("sends on flush, which resolves after the answer", async () => {
    const held = heldAnswer();
    const { transport, push } = setUp(held.hold);
    push(1);
    let done = false;
    const flushed = transport.flush().then(() => {
      done = true;
    });
    await settle();
    expect(done).toBe(false);
    held.release(202);
    await flushed;
    expect(done).toBe(true);
  });

  it("has one request under way at a time, and an event in one of them", async () => {
    const held = heldAnswer();
    const { collector, transport, push } = setUp(held.hold);
    push(3);
    await settle();
    push(4);
    const flushed = transport.flush();
    await settle();
    expect(collector.requests).toHaveLength(1);
    held.release(202);
    await flushed;
    expect(collector.batches()).toEqual([
      ["e1", "e2", "e3"],
      ["e4", "e5", "e6", "e7"],
    ]);
  });

  it("leaves what is tracked during a request to the next flush, instead of sending it alone", async () => {
    const held = heldAnswer();
    const { collector, push } = setUp(held.hold);
    push(3);
    await settle();
    push(1);
    held.release(202);
    await settle();
    expect(collector.requests).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(5000);
    expect(collector.batches()[1]).toEqual(["e4"]);
  });

  describe("after a failure", () => {
    it.each<[string, Answer]>([
      ["the network fails", offline],
      ["429", 429],
      ["500", 500],
      ["503", 503],
    ])("keeps the events and tries again with the same ids: %s", async (_, answer) => {
      const { collector, transport, push } = setUp(answer);
      push(2);
      await transport.flush();
      expect(collector.requests).toHaveLength(1);
      await vi.advanceTimersByTimeAsync(1250);
      expect(collector.requests).toHaveLength(2);
      expect(collector.requests[1]?.body.events).toEqual(collector.requests[0]?.body.events);
      expect(collector.requests[1]?.body.dropped).toEqual({});
      await vi.advanceTimersByTimeAsync(600_000);
      expect(collector.requests).toHaveLength(2);
    });

    it("waits twice as long each time, up to five minutes or so, and from the start again after a success", async () => {
      const { collector, transport, push } = setUp(...new Array<Answer>(12).fill(500));
      push(1);
      await transport.flush();
      const waits: number[] = [];
      while (collector.answers.length) {
        const since = Date.now();
        const seen = collector.requests.length;
        while (collector.requests.length === seen) await vi.advanceTimersToNextTimerAsync();
        waits.push(Math.round((Date.now() - since) / 1000));
      }
      expect(waits).toEqual([1, 3, 5, 10, 20, 40, 80, 160, 320, 320, 320]);
      await vi.advanceTimersToNextTimerAsync();
      collector.answers.push(500);
      push(3);
      await settle();
      const seen = collector.requests.length;
      await vi.advanceTimersByTimeAsync(1250);
      expect(collector.requests).toHaveLength(seen + 1);
    });

    it("spreads its tries, so that pages that failed together do not come back together", async () => {
      const after = async (random: number) => {
        vi.mocked(Math.random).mockReturnValue(random);
        const { collector, transport, push } = setUp(500);
        push(1);
        await transport.flush();
        const since = Date.now();
        while (collector.requests.length === 1) await vi.advanceTimersToNextTimerAsync();
        return Date.now() - since;
      };
      expect(await after(0)).toBe(1000);
      expect(await after(0.999)).toBeGreaterThan(1490);
    });

    it.each([429, 503])("waits as long as a %d asks in Retry-After, and not much longer", async (status) => {
      const { collector, transport, push } = setUp(
        () => new Response("", { status, headers: { "Retry-After": "20" } }),
      );
      push(1);
      await transport.flush();
      await vi.advanceTimersByTimeAsync(19_900);
      expect(collector.requests).toHaveLength(1);
      await vi.advanceTimersByTimeAsync(10_200);
      expect(collector.requests).toHaveLength(2);
    });

    it("does not take a wait that is too long for a timer for none", async () => {
      const { collector, transport, push } = setUp(
        () => new Response("", { status: 503, headers: { "Retry-After": "9999999" } }),
      );
      push(1);
      await transport.flush();
      await vi.advanceTimersByTimeAsync(86_400_000);
      expect(collector.requests).toHaveLength(1);
    });

    it("does not let new events hurry it", async () => {
      const { collector, transport, push } = setUp(
        () => new Response("", { status: 503, headers: { "Retry-After": "60" } }),
      );
      push(1);
      await transport.flush();
      push(30);
      await vi.advanceTimersByTimeAsync(59_000);
      expect(collector.requests).toHaveLength(1);
      await vi.advanceTimersByTimeAsync(31_000);
      expect(collector.batches()[1]).toHaveLength(31);
    });

    it("lets the flushes that waited for the failed request wait with it", async () => {
      const held = heldAnswer();
      const { collector, push } = setUp(held.hold);
      push(3);
      await settle();
      push(9);
      held.release(500);
      await settle();
      expect(collector.requests).toHaveLength(1);
      await vi.advanceTimersByTimeAsync(1250);
      expect(collector.batches()[1]).toHaveLength(12);
    });

    it("tries at once when the caller flushes", async () => {
      const { collector, transport, push } = setUp(offline);
      push(1);
      await transport.flush();
      await transport.flush();
      expect(collector.requests).toHaveLength(2);
    });

    it("keeps the order", async () => {
      const { collector, transport, push } = setUp(offline);
      push(2);
      await transport.flush();
      push(2);
      await transport.flush();
      expect(collector.batches()[1]).toEqual(["e1", "e2", "e3", "e4"]);
    });
  });

  describe("when the collector refuses", () => {
    it.each([400, 401, 403, 404, 408, 415])(
      "drops a batch answered with %d, counts it, and never sends it again",
      async (status) => {
        const { collector, transport, push } = setUp(status);
        push(2);
        await transport.flush();
        await vi.advanceTimersByTimeAsync(600_000);
        expect(collector.requests).toHaveLength(1);
        push(1);
        await transport.flush();
        expect(collector.batches()[1]).toEqual(["e3"]);
        expect(collector.requests[1]?.body.dropped).toEqual({ [`http_${status}`]: 2 });
      },
    );

    it("halves a batch that is too large until it fits, and keeps the order", async () => {
      const { collector, transport, push } = setUp(offline, 413, 413);
      push(1);
      await transport.flush();
      push(7);
      await transport.flush();
      expect(collector.batches().slice(1)).toEqual([
        ["e1", "e2", "e3", "e4", "e5", "e6", "e7", "e8"],
        ["e1", "e2", "e3", "e4"],
        ["e1", "e2"],
        ["e3", "e4", "e5", "e6", "e7", "e8"],
      ]);
      expect(collector.requests.at(-1)?.body.dropped).toEqual({});
    });

    it("drops a single event that is too large, counts it, and sends the others", async () => {
      const { collector, transport, push } = setUp(413, 413, 202);
      push(2);
      await transport.flush();
      expect(collector.batches()).toEqual([["e1", "e2"], ["e1"], ["e2"]]);
      expect(collector.requests[2]?.body.dropped).toEqual({ http_413: 1 });
    });
  });

  it("splits by the size in bytes, so that no body is too large to outlive the page", async () => {
    const { collector, transport } = setUp();
    const text = "€".repeat(2500);
    for (let index = 0; index < 20; index++) transport.push({ event: `e${index}`, ts: index, metadata: { text } });
    await transport.flush();
    const sizes = collector.requests.map(({ init }) => new TextEncoder().encode(String(init.body)).length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(60_000);
    expect(sizes.length).toBeGreaterThan(2);
    expect(sizes.length).toBeLessThan(9);
    expect(collector.events().map(({ event }) => event)).toEqual(Array.from({ length: 20 }, (_, index) => `e${index}`));
  });

  it("never puts more events into a batch than the collector takes", async () => {
    const { collector, transport, push } = setUp(offline);
    push(1);
    await transport.flush();
    push(700);
    await transport.flush();
    expect(collector.events()).toHaveLength(1 + 701);
    for (const batch of collector.batches()) expect(batch?.length).toBeLessThanOrEqual(500);
  });

  it("keeps the newest thousand while the collector is away, and counts the rest", async () => {
    const { collector, transport, push } = setUp(offline);
    push(3);
    await settle();
    push(1007);
    await transport.flush();
    const received = collector.requests.slice(1);
    expect(received.flatMap(({ body }) => body.events)).toHaveLength(1000);
    expect(received[0]?.body.events?.[0]?.event).toBe("e11");
    expect(received[0]?.body.dropped).toEqual({ queue_full: 10 });
    expect(received.at(-1)?.body.dropped).toEqual({});
  });

  it("tells what was dropped again where the batch that told it did not arrive", async () => {
    const { collector, transport, push } = setUp(offline);
    transport.drop({ invalid_event: 1 });
    transport.drop({ invalid_event: 1 });
    push(1);
    await transport.flush();
    transport.drop({ other: 1 });
    await transport.flush();
    expect(collector.requests[1]?.body.dropped).toEqual({ invalid_event: 2, other: 1 });
  });

  it("counts nothing that a page has added to Object.prototype", async () => {
    Object.assign(Object.prototype, { extend: () => {} });
    try {
      const { collector, transport, push } = setUp(offline);
      transport.drop({ invalid_event: 1 });
      push(1);
      await transport.flush();
      await transport.flush();
      expect(JSON.stringify(collector.requests[1]?.body.dropped)).toBe('{"invalid_event":1}');
    } finally {
      Reflect.deleteProperty(Object.prototype, "extend");
    }
  });

  describe("when the page is hidden", () => {
    it("sends what waits beside the request under way, and nothing twice", async () => {
      const held = heldAnswer();
      const { collector, transport, push } = setUp(held.hold);
      push(3);
      await settle();
      push(2);
      transport.flush(true);
      expect(collector.batches()).toEqual([
        ["e1", "e2", "e3"],
        ["e4", "e5"],
      ]);
      held.release(202);
      await vi.advanceTimersByTimeAsync(60_000);
      expect(collector.requests).toHaveLength(2);
    });

    it("sends everything before the first answer, in as many requests as it takes", async () => {
      const { collector, transport } = setUp(
        offline,
        ...new Array<Answer>(20).fill(() => new Promise<never>(() => {})),
      );
      transport.push({ event: "e0", ts: 0 });
      await transport.flush();
      const metadata = { text: "x".repeat(7000) };
      for (let ts = 1; ts < 20; ts++) transport.push({ event: `e${ts}`, ts, metadata });
      transport.flush(true);
      // Microtasks only: these run before the page goes.
      for (let turn = 0; turn < 50; turn++) await Promise.resolve();
      expect(collector.requests.length).toBeGreaterThan(3);
      const names = collector.requests.slice(1).flatMap(({ body }) => body.events.map(({ event }) => event));
      expect(names.sort()).toEqual(Array.from({ length: 20 }, (_, index) => `e${index}`).sort());
    });

    it("sends what is tracked from then on at once", () => {
      const { collector, push } = setUp();
      setVisibility("hidden");
      push(1);
      expect(collector.batches()).toEqual([["e1"]]);
    });

    it("puts both batches back in order where both fail", async () => {
      const first = heldAnswer();
      const { collector, transport, push } = setUp(first.hold, offline);
      push(3);
      await settle();
      push(2);
      transport.flush(true);
      await settle();
      first.release(500);
      await settle();
      await transport.flush();
      expect(collector.batches()[2]).toEqual(["e1", "e2", "e3", "e4", "e5"]);
    });
  });

  it("tries nothing again and leaves no timer once it is not active", async () => {
    const { collector, transport, push, deactivate } = setUp(offline);
    push(2);
    deactivate();
    transport.flush(true);
    await settle();
    expect(collector.requests).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("leaves no timer either where the last request succeeds", async () => {
    const { collector, transport, push, deactivate } = setUp();
    push(2);
    deactivate();
    transport.flush(true);
    expect(collector.batches()).toEqual([["e1", "e2"]]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
