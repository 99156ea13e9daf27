import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { workAhead } from "./work-ahead.ts";

describe("workAhead", () => {
  it("gives the results in order, whichever is ready first", async () => {
    const results = workAhead([30, 1, 20, 1], async (ms) => {
      await sleep(ms);
      return ms;
    });
    const taken: number[] = [];
    for await (const ms of results) taken.push(ms);
    expect(taken).toEqual([30, 1, 20, 1]);
  });

  it("is never further ahead than it may be", async () => {
    let begun = 0;
    let taken = 0;
    const results = workAhead(Array.from({ length: 20 }), async () => {
      begun += 1;
      expect(begun - taken).toBeLessThanOrEqual(3);
    });
    for await (const _ of results) taken += 1;
    expect(taken).toBe(20);
  });

  it("fails when the turn of what failed comes, and not before", async () => {
    const taken: number[] = [];
    const results = workAhead([1, 2, 3, 4], async (item) => {
      if (item === 3) throw new Error("third");
      return item;
    });
    const takeAll = async () => {
      for await (const item of results) taken.push(item);
    };
    await expect(takeAll()).rejects.toThrow("third");
    expect(taken).toEqual([1, 2]);
  });
});
