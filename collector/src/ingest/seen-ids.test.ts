import { describe, expect, test } from "vitest";
import { createSeenIds } from "./seen-ids.ts";

describe("seen ids", () => {
  test("knows what was added and nothing else", () => {
    const seen = createSeenIds(10);
    seen.add("a");
    expect(seen.has("a")).toBe(true);
    expect(seen.has("b")).toBe(false);
    expect(seen.has("")).toBe(false);
    expect(seen.has("constructor")).toBe(false);
    expect(seen.has("__proto__")).toBe(false);
  });

  test("remembers at least its capacity, whenever you ask", () => {
    const seen = createSeenIds(10);
    for (let n = 0; n < 200; n++) {
      seen.add(String(n));
      for (let back = 0; back < Math.min(10, n + 1); back++) expect(seen.has(String(n - back))).toBe(true);
    }
  });

  test("forgets after at most twice its capacity, so that memory stays bounded", () => {
    const seen = createSeenIds(10);
    for (let n = 0; n < 200; n++) {
      seen.add(String(n));
      const known = Array.from({ length: n + 1 }, (_, id) => String(id)).filter((id) => seen.has(id));
      expect(known.length).toBeLessThanOrEqual(20);
    }
  });

  test("does not age by hearing the same id again", () => {
    const seen = createSeenIds(3);
    seen.add("a");
    for (let n = 0; n < 50; n++) seen.add("b");
    expect(seen.has("a")).toBe(true);
  });
});
