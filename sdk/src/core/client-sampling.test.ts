import { describe, expect, it, vi } from "vitest";
import { openClientLab, placeVisitor } from "../../test/open-client-lab.ts";
import type { TallymarkOptions } from "./options.ts";

const lab = openClientLab();

/** What is sent of these events, each with the rate it is stamped with. */
async function sampled(options: Partial<TallymarkOptions>, ...names: string[]) {
  const { client, collector } = lab.begin(options);
  for (const name of names) client.track(name);
  await client.flush();
  client.stop();
  return collector.events().map(({ event, sample_rate }) => [event, sample_rate]);
}

describe("sampling by visitor", () => {
  it("keeps exactly the share of visitors whose rate it stamps", async () => {
    const stamps = [];
    for (let place = 0; place < 1000; place++) {
      placeVisitor((place + 0.5) / 1000);
      stamps.push(...(await sampled({ sampleRate: 0.123 }, "a")));
    }
    expect(stamps).toHaveLength(123);
    expect(new Set(stamps.map(String))).toEqual(new Set(["a,0.123"]));
  });

  it("keeps a visitor whole or not at all, on this page and the next", async () => {
    const names = ["a", "b", "c"];
    placeVisitor(0.3);
    for (let page = 0; page < 3; page++) {
      expect(await sampled({ sampleRate: 0.300001 }, ...names)).toEqual(names.map((name) => [name, 0.300001]));
      expect(await sampled({ sampleRate: 0.299999 }, ...names)).toEqual([]);
    }
  });

  it("tells rates apart that differ by less than a millionth", async () => {
    placeVisitor(0.000_000_5);
    expect(await sampled({ sampleRate: 0.000_000_4 }, "a")).toEqual([]);
    expect(await sampled({ sampleRate: 0.000_000_6 }, "a")).toEqual([["a", 0.000_000_6]]);
  });

  it("nests the rates of single events: who is kept at a low one is kept at each higher one", async () => {
    const sampleRates = { all: 1, tenth: 0.1, hundredth: 0.01, none: 0 };
    const names = Object.keys(sampleRates);
    placeVisitor(0.005);
    const kept = [
      ["all", 1],
      ["tenth", 0.1],
      ["hundredth", 0.01],
    ];
    expect(await sampled({ sampleRates }, ...names)).toEqual(kept);
    placeVisitor(0.05);
    expect(await sampled({ sampleRates }, ...names)).toEqual(kept.slice(0, 2));
    placeVisitor(0.5);
    expect(await sampled({ sampleRates }, ...names)).toEqual(kept.slice(0, 1));
  });

  it("takes the rate of a single event instead of the common one, be it higher or lower", async () => {
    placeVisitor(0.2);
    expect(await sampled({ sampleRate: 0.5, sampleRates: { error: 1, scroll: 0.1 } }, "a", "error", "scroll")).toEqual([
      ["a", 0.5],
      ["error", 1],
    ]);
  });

  it.each(["constructor", "toString", "hasOwnProperty"])("knows no rate of an event called %s", async (name) => {
    placeVisitor(0.5);
    expect(await sampled({ sampleRate: 0.1 }, name)).toEqual([]);
    expect(await sampled({ sampleRate: 0.6 }, name)).toEqual([[name, 0.6]]);
    expect(await sampled({ sampleRate: 0.1, sampleRates: { [name]: 0.7 } }, name)).toEqual([[name, 0.7]]);
  });

  it("stamps the product where the caller has sampled before", async () => {
    placeVisitor(0.1);
    const { client, collector } = lab.begin({ sampleRate: 0.5 });
    await client.sendEvent({ event: "a", sample_rate: 0.25 });
    expect(collector.requests[0]?.body.sample_rate).toBe(0.125);
  });

  it("answers sampledOut to who sends an event outside the sample, and sends nothing", async () => {
    placeVisitor(0.6);
    const { client, collector } = lab.begin({ sampleRate: 0.5 });
    expect(await client.sendEvent({ event: "a" })).toEqual({ ok: true, sampledOut: true });
    expect(collector.requests).toEqual([]);
  });
});

describe("sampling by event", () => {
  it("draws anew for each event", async () => {
    const draw = vi.spyOn(Math, "random").mockReturnValueOnce(0.3).mockReturnValueOnce(0.2).mockReturnValueOnce(0.1);
    placeVisitor(0.9);
    expect(await sampled({ sampleRate: 0.25, sampleBy: "event" }, "a", "b", "c")).toEqual([
      ["b", 0.25],
      ["c", 0.25],
    ]);
    draw.mockRestore();
  });

  it("is what happens where there is no visitor id", async () => {
    const draw = vi.spyOn(Math, "random").mockReturnValueOnce(0.3).mockReturnValueOnce(0.2);
    expect(await sampled({ sampleRate: 0.25, identity: "none" }, "a", "b")).toEqual([["b", 0.25]]);
    draw.mockRestore();
  });
});

describe("rates that make no sense", () => {
  it.each([1.5, Number.POSITIVE_INFINITY, Number.NaN])("are passed over: %d", async (rate) => {
    placeVisitor(0.4);
    expect(await sampled({ sampleRate: rate }, "a")).toEqual([["a", 1]]);
    expect(await sampled({ sampleRate: 0.5, sampleRates: { a: rate } }, "a")).toEqual([["a", 0.5]]);
    expect(await sampled({ sampleRate: 0.1, sampleRates: { a: rate } }, "a")).toEqual([]);
  });

  it.each([-1, Number.NEGATIVE_INFINITY])("count as 0: %d", async (sampleRate) => {
    placeVisitor(0);
    expect(await sampled({ sampleRate }, "a")).toEqual([]);
    expect(await sampled({ sampleRates: { a: sampleRate } }, "a")).toEqual([]);
  });

  it("keep nobody at 0, and everybody at 1", async () => {
    placeVisitor(0);
    expect(await sampled({ sampleRate: 0 }, "a")).toEqual([]);
    placeVisitor(1 - 2 ** -32);
    expect(await sampled({ sampleRate: 1 }, "a")).toEqual([["a", 1]]);
  });

  it.each<Partial<TallymarkOptions>>([
    { sampleRate: 1.5 },
    { sampleRates: { scroll: 10 } },
    { sampleRates: { a: -1 } },
  ])("are said in development: %j", (options) => {
    lab.begin(options);
    expect(lab.consoleWarn).toHaveBeenCalledTimes(1);
  });
});
