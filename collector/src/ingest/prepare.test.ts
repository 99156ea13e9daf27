import type { WireEvent } from "@tallymark/sdk/protocol";
import { describe, expect, test, vi } from "vitest";
import type { IngestContext } from "./context.ts";
import { type Prepared, prepareEvent } from "./prepare.ts";

const NOW = Date.parse("2026-11-20T12:00:00Z");
const DAY_MS = 86_400_000;

const dailyVisitor = vi.fn(() => "daily");
const address = vi.fn(() => "192.0.2.77");

function prepare(event: Partial<WireEvent>, context: Partial<IngestContext> = {}): Prepared {
  return prepareEvent(
    { event: "page_view", ...event },
    { receivedAt: NOW, userAgent: "Mozilla/5.0 (secret)", address, ...context },
    { maxAgeMs: 30 * DAY_MS, dailyVisitor },
  );
}

function stored(event: Partial<WireEvent>, context: Partial<IngestContext> = {}) {
  const prepared = prepare(event, context);
  if (!prepared.ok) throw new Error(prepared.reason);
  return prepared.event;
}

describe("prepareEvent", () => {
  test("completes the shortest event there is", () => {
    expect(stored({})).toEqual({
      event: "page_view",
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      visitor_id: "daily",
      ts: NOW,
      sample_rate: 1,
    });
  });

  test("keeps what the client says of itself", () => {
    const event: WireEvent = {
      event: "buy",
      id: "i-1",
      visitor_id: "v-1",
      session_id: "s-1",
      page_view_id: "p-1",
      site: "shop",
      ts: NOW - 5,
      title: "<b>",
      language: "de",
      viewport: "md",
      sample_rate: 0.25,
      metadata: { a: 1 },
    };
    expect(stored(event)).toEqual(event);
  });

  test("stores nothing for what an SDK says is not there", () => {
    expect(stored({ url: "", referrer: "", title: "" })).toMatchObject({
      url: undefined,
      referrer: undefined,
      title: undefined,
    });
  });

  test("gives every event an id of its own where the client gave none", () => {
    expect(stored({}).id).not.toBe(stored({}).id);
  });

  test("scrubs addresses", () => {
    const { url, referrer } = stored({
      url: "https://a.example/p?q=s3cret",
      referrer: "https://u:pw@b.example/?q=s3cret",
    });
    expect(url).toBe("/p");
    expect(referrer).toBe("b.example/");
  });

  test("keeps neither the address nor the user agent", () => {
    const line = JSON.stringify(stored({ visitor_id: "" }));
    expect(line).not.toContain("192.0.2.77");
    expect(line).not.toContain("secret");
  });

  test("asks for a daily id, and for the address, only for who has none, by address, user agent and site", () => {
    dailyVisitor.mockClear();
    address.mockClear();
    expect(stored({ visitor_id: "v" }).visitor_id).toBe("v");
    expect(dailyVisitor).not.toHaveBeenCalled();
    expect(address).not.toHaveBeenCalled();
    expect(stored({ visitor_id: "", site: "shop" }).visitor_id).toBe("daily");
    const origin = { address: "192.0.2.77", userAgent: "Mozilla/5.0 (secret)", site: "shop" };
    expect(dailyVisitor).toHaveBeenCalledExactlyOnceWith(origin, NOW);
  });
});

describe("the clock", () => {
  test("is corrected by how wrong the client's was when it sent", () => {
    expect(stored({ ts: 1000 }, { sentAt: 5000 }).ts).toBe(NOW - 4000);
    expect(stored({ ts: NOW + 9 * DAY_MS - 50 }, { sentAt: NOW + 9 * DAY_MS }).ts).toBe(NOW - 50);
    expect(stored({ ts: NOW - 50 }).ts).toBe(NOW - 50);
  });

  test.each([
    [NOW + DAY_MS, true],
    [NOW + DAY_MS + 1, "too_new"],
    [NOW - 30 * DAY_MS, true],
    [NOW - 30 * DAY_MS - 1, "too_old"],
    [0, "too_old"],
    [-1, "too_old"],
    [Number.MAX_SAFE_INTEGER, "too_new"],
    [Number.MIN_SAFE_INTEGER, "too_old"],
  ])("holds %d against 24 hours ahead and the retention: %s", (ts, verdict) => {
    const prepared = prepare({ ts });
    expect(prepared.ok || prepared.reason).toBe(verdict);
  });

  test("judges the corrected time, not the claimed one", () => {
    const wrongByYears = NOW + 4000 * DAY_MS;
    expect(prepare({ ts: wrongByYears }, { sentAt: wrongByYears }).ok).toBe(true);
    expect(prepare({ ts: NOW }, { sentAt: NOW + 31 * DAY_MS })).toMatchObject({ ok: false, reason: "too_old" });
    expect(prepare({ ts: NOW }, { sentAt: NOW - 2 * DAY_MS })).toMatchObject({ ok: false, reason: "too_new" });
  });

  test("survives numbers at the end of what there is", () => {
    const { MAX_SAFE_INTEGER, MIN_SAFE_INTEGER } = Number;
    expect(prepare({ ts: MAX_SAFE_INTEGER }, { sentAt: MIN_SAFE_INTEGER })).toMatchObject({ reason: "too_new" });
    expect(prepare({ ts: MIN_SAFE_INTEGER }, { sentAt: MAX_SAFE_INTEGER })).toMatchObject({ reason: "too_old" });
  });

  test("names the rule, not the value", () => {
    for (const ts of [0, NOW + 2 * DAY_MS]) {
      const prepared = prepare({ ts });
      expect(!prepared.ok && prepared.message).toMatch(/^must not be .* collector/);
    }
  });
});
