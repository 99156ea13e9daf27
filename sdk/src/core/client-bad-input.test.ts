import { describe, expect, it, vi } from "vitest";
import { openClientLab } from "../../test/open-client-lab.ts";
import type { Metadata, WireEvent } from "../protocol/event.ts";

const lab = openClientLab();

const cycle: Record<string, unknown> = {};
cycle.self = cycle;
const thrower = (): never => {
  throw new Error("hostile");
};

/** Tracks what a page without types may track, and something good after it. */
async function trackAfter(name: unknown, metadata?: unknown, page?: unknown) {
  const { client, collector } = lab.begin();
  const track = client.track as (...args: unknown[]) => void;
  expect(() => track(name, metadata, page)).not.toThrow();
  expect(() => track("good")).not.toThrow();
  await client.flush();
  const [event, ...others] = collector.events();
  return { event, names: [event, ...others].map((each) => each?.event), dropped: collector.requests[0]?.body.dropped };
}

describe("track", () => {
  it.each<[string, unknown]>([
    ["a cycle", cycle],
    ["a BigInt", { big: 1n }],
    [
      "a getter that throws",
      {
        get broken() {
          return thrower();
        },
      },
    ],
    ["a toJSON that throws", { toJSON: thrower }],
    ["a proxy that has been revoked", revokedProxy()],
  ])("drops an event with %s, counts it, and names it in development", async (_, metadata) => {
    const { names, dropped } = await trackAfter("bad", metadata);
    expect(names).toEqual(["good"]);
    expect(dropped).toEqual({ invalid_event: 1 });
    expect(lab.consoleWarn).toHaveBeenCalledTimes(1);
  });

  it.each<[string, unknown, unknown]>([
    ["functions", { run: () => {}, kept: 1 }, { kept: 1 }],
    ["symbols", { symbol: Symbol("a"), kept: 1 }, { kept: 1 }],
    ["what is undefined", { nothing: undefined, kept: 1 }, { kept: 1 }],
    ["numbers that JSON has not", { a: Number.NaN, b: Number.POSITIVE_INFINITY }, { a: null, b: null }],
    ["dates", { at: new Date(0) }, { at: "1970-01-01T00:00:00.000Z" }],
    ["toJSON", { toJSON: () => ({ kept: 1 }) }, { kept: 1 }],
    ["a lone surrogate", { text: "a\uD800b" }, { text: "a\uD800b" }],
  ])("sends metadata with %s as JSON has it", async (_, metadata, sent) => {
    const { event, names, dropped } = await trackAfter("a", metadata);
    expect(event?.metadata).toEqual(sent);
    expect(names).toEqual(["a", "good"]);
    expect(dropped).toEqual({});
  });

  it("makes well-formed JSON of a lone surrogate", async () => {
    const { client } = lab.begin();
    client.track("a", { text: "\uD800" });
    await client.flush();
    const body = String(vi.mocked(fetch).mock.calls[0]?.[1]?.body);
    expect(new TextDecoder().decode(new TextEncoder().encode(body))).toBe(body);
  });

  it("takes a key called __proto__ for a key, and changes no prototype", async () => {
    const { client } = lab.begin();
    client.track("a", JSON.parse('{"__proto__":{"polluted":true},"kept":1}'));
    await client.flush();
    expect(String(vi.mocked(fetch).mock.calls[0]?.[1]?.body)).toContain('{"__proto__":{"polluted":true},"kept":1}');
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it("does not throw for DOM nodes, whatever becomes of them", async () => {
    const { names } = await trackAfter("a", { element: document.body, window });
    expect(names.at(-1)).toBe("good");
  });

  it("cuts a text of 10 MB, and keeps the event", async () => {
    const { event, names } = await trackAfter("a", { text: "x".repeat(10_000_000), list: ["y".repeat(3000)] });
    expect(event?.metadata).toEqual({ text: `${"x".repeat(2000)}…`, list: [`${"y".repeat(2000)}…`] });
    expect(names).toEqual(["a", "good"]);
  });

  it("cuts what a hook adds as well", async () => {
    const beforeSend = (event: WireEvent) => ({ ...event, metadata: { text: "x".repeat(5000) } });
    const { client, collector } = lab.begin({ beforeSend });
    client.track("a");
    await client.flush();
    expect(collector.events()[0]?.metadata).toEqual({ text: `${"x".repeat(2000)}…` });
  });

  it("takes null for no metadata: the collector would refuse it", async () => {
    const { event } = await trackAfter("a", null);
    expect(event?.metadata ?? undefined).toBeUndefined();
    expect(JSON.stringify(event)).not.toContain("metadata");
  });

  it.each<[string, unknown]>([
    ["a space", "sign up"],
    ["nothing in it", ""],
    ["too many characters", "a".repeat(65)],
    ["no string", 5],
    ["a symbol", Symbol("a")],
    ["an object", {}],
    ["nothing at all", undefined],
  ])("does not throw for a name with %s", async (_, name) => {
    const { names } = await trackAfter(name);
    expect(names.at(-1)).toBe("good");
  });

  it("names an event that the collector has refused, and the rule, in development", async () => {
    const rejected = [{ index: 1, reason: "schema", detail: "event: must be 1–64 characters" }];
    const { client } = lab.begin({}, () => Response.json({ ok: true, rejected }, { status: 202 }));
    client.track("good");
    client.track("sign up");
    await client.flush();
    expect(lab.consoleWarn).toHaveBeenCalledExactlyOnceWith(
      expect.stringContaining("event: must be 1–64 characters"),
      expect.stringContaining('"event":"sign up"'),
    );
  });

  it.each<[string, unknown]>([
    ["null", null],
    ["a string", "page"],
    ["an address that is no string", { url: 5 }],
  ])("does not throw for a page that is %s", async (_, page) => {
    const { names } = await trackAfter("a", undefined, page);
    expect(names.at(-1)).toBe("good");
  });

  it("does not throw for a page with a getter that throws", async () => {
    const page = {
      get url() {
        return thrower();
      },
    };
    const { names } = await trackAfter("a", undefined, page);
    expect(names.at(-1)).toBe("good");
  });
});

describe("sendEvent", () => {
  it.each<[string, unknown]>([
    ["undefined", undefined],
    ["null", null],
    ["a cycle", { event: "a", metadata: cycle as Metadata }],
    ["a BigInt", { event: "a", metadata: { big: 1n } }],
    ["an address that is no string", { event: "a", url: 5 }],
  ])("does not reject for %s", async (_, event) => {
    const { client } = lab.begin();
    await expect(client.sendEvent(event as WireEvent)).resolves.toBeDefined();
  });
});

function revokedProxy(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}
