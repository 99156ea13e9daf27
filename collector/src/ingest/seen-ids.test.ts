import { describe, expect, test } from "vitest";
import { createSeenIds } from "./seen-ids.ts";

const CAPACITY = 16;

describe("seen ids", () => {
  test("knows what was added and nothing else", () => {
    const seen = createSeenIds(CAPACITY);
    seen.add("a");
    expect(seen.has("a")).toBe(true);
    for (const other of ["b", "", "aa", "A", "a\0", "constructor", "__proto__"]) expect(seen.has(other)).toBe(false);
  });

  test("remembers at least its capacity, whenever you ask", () => {
    const seen = createSeenIds(CAPACITY);
    for (let n = 0; n < 200; n++) {
      seen.add(String(n));
      for (let back = 0; back < Math.min(CAPACITY, n + 1); back++) expect(seen.has(String(n - back))).toBe(true);
    }
  });

  test("forgets after at most twice its capacity, so that memory stays bounded", () => {
    const seen = createSeenIds(CAPACITY);
    for (let n = 0; n < 200; n++) {
      seen.add(String(n));
      const known = Array.from({ length: n + 1 }, (_, id) => String(id)).filter((id) => seen.has(id));
      expect(known.length).toBeLessThanOrEqual(2 * CAPACITY);
    }
  });

  test("does not age by hearing the same id again", () => {
    const seen = createSeenIds(3);
    seen.add("a");
    for (let n = 0; n < 50; n++) seen.add("b");
    expect(seen.has("a")).toBe(true);
  });

  test("says which capacity it has where it rounds", () => {
    expect(createSeenIds(100).capacity).toBe(128);
    expect(createSeenIds(128).capacity).toBe(128);
    expect(createSeenIds(1).capacity).toBe(1);
    expect(createSeenIds().capacity).toBe(262_144);
  });

  test("takes no new id for one it knows, among hundreds of thousands that differ by a digit", () => {
    const seen = createSeenIds();
    const id = (n: number) => `1000000003-2000000001-${3_000_000_000 + n}-1234567890`;
    for (let n = 0; n < 250_000; n++) {
      expect(seen.has(id(n)) && n).toBe(false);
      seen.add(id(n));
    }
    for (let n = 0; n < 250_000; n += 1000) expect(seen.has(id(n))).toBe(true);
  });
});
