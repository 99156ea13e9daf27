import { afterEach, expect, test, vi } from "vitest";
import { closeFinishedDays } from "./close-finished-days.ts";

const MIDNIGHT = Date.parse("2026-11-21T00:00:00Z");

afterEach(() => {
  vi.useRealTimers();
});

function setUp(file: string | undefined, clock: number) {
  vi.useFakeTimers();
  const journal = { file, roll: vi.fn(async () => {}) };
  const stop = closeFinishedDays(journal as never, { intervalMs: 1000, now: () => clock });
  return { journal, stop };
}

test("a file whose day is over is closed though no event comes, and a failure to do so is left to the next look", () => {
  const { journal, stop } = setUp("metrics-2026-11-20.3.jsonl", MIDNIGHT);
  journal.roll.mockRejectedValueOnce(new Error("disk full"));
  vi.advanceTimersByTime(2000);
  expect(journal.roll).toHaveBeenCalledTimes(2);
  stop();
  vi.advanceTimersByTime(5000);
  expect(journal.roll).toHaveBeenCalledTimes(2);
});

test.each([
  ["of today", "metrics-2026-11-20.jsonl"],
  ["of a day to come, by a clock that was set back", "metrics-2026-11-25.jsonl"],
  ["there is none", undefined],
])("a file %s stays open", (_, file) => {
  const { journal } = setUp(file, MIDNIGHT - 1);
  vi.advanceTimersByTime(5000);
  expect(journal.roll).not.toHaveBeenCalled();
});
