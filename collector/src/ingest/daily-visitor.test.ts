import { describe, expect, test } from "vitest";
import { createDailyVisitor } from "./daily-visitor.ts";

const MIDNIGHT = Date.parse("2026-11-21T00:00:00Z");
const ORIGIN = { address: "192.0.2.1", userAgent: "Mozilla/5.0", site: "shop" };

describe("dailyVisitor", () => {
  test("is a valid visitor id that shows nothing of where it came from", () => {
    expect(createDailyVisitor()(ORIGIN, MIDNIGHT)).toMatch(/^[0-9a-f]{32}$/);
  });

  test("stays the same within a day", () => {
    const dailyVisitor = createDailyVisitor();
    const first = dailyVisitor(ORIGIN, MIDNIGHT);
    expect(dailyVisitor(ORIGIN, MIDNIGHT + 1)).toBe(first);
    expect(dailyVisitor({ ...ORIGIN }, MIDNIGHT + 86_399_999)).toBe(first);
  });

  test("changes at midnight UTC", () => {
    const dailyVisitor = createDailyVisitor();
    const before = dailyVisitor(ORIGIN, MIDNIGHT - 1);
    expect(dailyVisitor(ORIGIN, MIDNIGHT)).not.toBe(before);
  });

  test("cannot be computed again once its day is over, not even for that day", () => {
    const dailyVisitor = createDailyVisitor();
    const before = dailyVisitor(ORIGIN, MIDNIGHT - 1);
    dailyVisitor(ORIGIN, MIDNIGHT);
    expect(dailyVisitor(ORIGIN, MIDNIGHT - 1)).not.toBe(before);
  });

  test("cannot be computed by another process", () => {
    expect(createDailyVisitor()(ORIGIN, MIDNIGHT)).not.toBe(createDailyVisitor()(ORIGIN, MIDNIGHT));
  });

  test.each([{ address: "192.0.2.2" }, { userAgent: "curl/8" }, { site: "blog" }])("differs by %o", (difference) => {
    const dailyVisitor = createDailyVisitor();
    expect(dailyVisitor({ ...ORIGIN, ...difference }, MIDNIGHT)).not.toBe(dailyVisitor(ORIGIN, MIDNIGHT));
  });

  test("does not mix up parts that only differ in where they end", () => {
    const dailyVisitor = createDailyVisitor();
    const one = dailyVisitor({ address: "a", userAgent: "bc", site: "" }, MIDNIGHT);
    const other = dailyVisitor({ address: "ab", userAgent: "c", site: "" }, MIDNIGHT);
    expect(one).not.toBe(other);
  });
});
