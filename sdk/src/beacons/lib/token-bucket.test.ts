import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { tokenBucket } from "./token-bucket.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** How many it gives of so many asked for at once. */
const ask = (take: () => boolean, count: number) => Array.from({ length: count }, take).filter(Boolean).length;

it("gives a burst and then no more", () => {
  expect(ask(tokenBucket(3, 1000), 10)).toBe(3);
});

it("gives one more each interval, also where it is asked in between", () => {
  const take = tokenBucket(3, 1000);
  ask(take, 3);
  vi.advanceTimersByTime(900);
  expect(take()).toBe(false);
  vi.advanceTimersByTime(100);
  expect(ask(take, 3)).toBe(1);
  vi.advanceTimersByTime(2000);
  expect(ask(take, 3)).toBe(2);
});

it("gives no more than a burst after a long rest", () => {
  const take = tokenBucket(3, 1000);
  vi.advanceTimersByTime(3_600_000);
  expect(ask(take, 10)).toBe(3);
});
