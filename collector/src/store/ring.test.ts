import { describe, expect, test } from "vitest";
import { createRing } from "./ring.ts";

describe("ring", () => {
  test("is empty at first", () => {
    const ring = createRing<number>(3);
    expect(ring.size).toBe(0);
    expect(ring.capacity).toBe(3);
    expect(ring.newest()).toEqual([]);
  });

  test("shows the newest first, before it is full and after", () => {
    const ring = createRing<number>(3);
    ring.add(1);
    ring.add(2);
    expect(ring.newest()).toEqual([2, 1]);
    ring.add(3);
    expect(ring.newest()).toEqual([3, 2, 1]);
    ring.add(4);
    expect(ring.newest()).toEqual([4, 3, 2]);
  });

  test("shows no more than was asked for", () => {
    const ring = createRing<number>(3);
    for (const entry of [1, 2, 3, 4]) ring.add(entry);
    expect(ring.newest(2)).toEqual([4, 3]);
    expect(ring.newest(0)).toEqual([]);
    expect(ring.newest(99)).toEqual([4, 3, 2]);
  });

  test.each([1, 2, 3, 7, 500])("keeps exactly the last %d, however many came", (capacity) => {
    const ring = createRing<number>(capacity);
    const added: number[] = [];
    for (let entry = 0; entry < 3 * capacity + 1; entry++) {
      ring.add(entry);
      added.unshift(entry);
      expect(ring.size).toBe(Math.min(added.length, capacity));
    }
    expect(ring.newest()).toEqual(added.slice(0, capacity));
  });

  test("hands out a copy that later events do not change", () => {
    const ring = createRing<number>(2);
    ring.add(1);
    const before = ring.newest();
    ring.add(2);
    expect(before).toEqual([1]);
  });
});
