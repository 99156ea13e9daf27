import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createSeenIds } from "./seen-ids.ts";

const CAPACITY = 16;

describe("seen ids", () => {
  test("knows what was added and nothing else", () => {
    const seen = createSeenIds(CAPACITY);
    expect(seen.add("a")).toBe(true);
    expect(seen.add("a")).toBe(false);
    for (const other of ["b", "", "aa", "A", "a\0", "constructor", "__proto__"]) expect(seen.add(other)).toBe(true);
  });

  test("remembers at least its capacity, whenever you ask", () => {
    const seen = createSeenIds(CAPACITY);
    for (let n = 0; n < 200; n++) {
      seen.add(String(n));
      for (let back = 0; back < Math.min(CAPACITY, n + 1); back++) expect(seen.add(String(n - back))).toBe(false);
    }
  });

  test("forgets after at most one and a half times its capacity, so that memory stays bounded", () => {
    const seen = createSeenIds(CAPACITY);
    for (let n = 0; n < 200; n++) seen.add(String(n));
    for (let n = 0; n < 200 - 1.5 * CAPACITY; n++) expect(seen.add(String(n))).toBe(true);
  });

  test("does not age by hearing the same id again", () => {
    const seen = createSeenIds(3);
    seen.add("a");
    for (let n = 0; n < 50; n++) seen.add("b");
    expect(seen.add("a")).toBe(false);
  });

  test("takes an id that was deleted for a new one, also where it was about to be forgotten", () => {
    const seen = createSeenIds(CAPACITY);
    seen.add("young");
    seen.delete("young");
    expect(seen.add("young")).toBe(true);

    seen.add("old");
    for (let n = 0; n < CAPACITY - 2; n++) seen.add(String(n));
    for (let n = 0; n < 3; n++) seen.delete("old");
    expect(seen.add("0")).toBe(false);
    expect(seen.add("old")).toBe(true);
  });

  test("does not age by what is deleted again", () => {
    const seen = createSeenIds(CAPACITY);
    seen.add("a");
    for (let n = 0; n < 10 * CAPACITY; n++) {
      seen.add(String(n));
      seen.delete(String(n));
    }
    expect(seen.add("a")).toBe(false);
  });

  test("loses and keeps no other id when one is deleted, whichever came before it", () => {
    const change = fc.record({ id: fc.integer({ min: 0, max: 11 }).map(String), isDeleted: fc.boolean() });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 200 }), (changes) => {
        // Never more ids than it remembers for sure, and tables so small that they push each other aside.
        const seen = createSeenIds(CAPACITY);
        const known = new Set<string>();
        for (const { id, isDeleted } of changes) {
          if (isDeleted) {
            seen.delete(id);
            known.delete(id);
          } else {
            expect(seen.add(id)).toBe(!known.has(id));
            known.add(id);
          }
        }
      }),
    );
  });

  test.each([0, 1, 7, 8, 9, 15, 16, 17, 40])("remembers the newest, of which %d were before the start", (recalled) => {
    const seen = createSeenIds(CAPACITY);
    for (let n = 0; n < recalled; n++) seen.recall(`before-${n}`);
    const newestFirst = Array.from({ length: recalled }, (_, n) => `before-${n}`);
    for (let n = 0; n < 3 * CAPACITY; n++) {
      for (const id of newestFirst.slice(0, CAPACITY)) expect(seen.add(id)).toBe(false);
      expect(seen.add(`now-${n}`)).toBe(true);
      newestFirst.unshift(`now-${n}`);
    }
  });

  test("recalls an id once, where a line comes twice, and forgets it like any other", () => {
    const seen = createSeenIds(CAPACITY);
    for (let n = 0; n < 100; n++) seen.recall("twice");
    for (let n = 0; n < CAPACITY - 1; n++) seen.recall(String(n));
    for (let n = 0; n < CAPACITY - 1; n++) expect(seen.add(String(n))).toBe(false);
    seen.delete("twice");
    expect(seen.add("twice")).toBe(true);
  });

  test.each([2, 3, 16, 100])("remembers the last %d where these are its capacity", (capacity) => {
    const seen = createSeenIds(capacity);
    expect(seen.capacity).toBe(capacity);
    for (let n = 0; n < 10 * capacity; n++) expect(seen.add(String(n))).toBe(true);
    for (let n = 9 * capacity; n < 10 * capacity; n++) expect(seen.add(String(n))).toBe(false);
  });

  test("takes no new id for one it knows, among hundreds of thousands that differ by a digit", () => {
    const seen = createSeenIds();
    const id = (n: number) => `1000000003-2000000001-${3_000_000_000 + n}-1234567890`;
    for (let n = 0; n < 250_000; n++) if (!seen.add(id(n))) expect.fail(`${id(n)} was taken for another`);
    for (let n = 0; n < 250_000; n += 1000) expect(seen.add(id(n))).toBe(false);
  });
});
