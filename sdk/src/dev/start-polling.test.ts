import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { setHidden } from "../../test/dev-fixtures.ts";
import { startPolling } from "./start-polling.ts";

let stop = () => {};

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(0.5);
});

afterEach(() => {
  stop();
  setHidden(false);
  vi.restoreAllMocks();
  vi.useRealTimers();
});

function start(isOk = true, intervalMs = 1000) {
  const poll = vi.fn(async () => isOk);
  stop = startPolling(poll, () => intervalMs);
  return poll;
}

describe("startPolling", () => {
  it("polls at once and then after each interval", async () => {
    const poll = start();
    expect(poll).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(3000);
    expect(poll).toHaveBeenCalledTimes(4);
  });

  it.each([
    [0, 750],
    [1, 1250],
  ])("varies the interval by 25 % (random %d: %d ms)", async (random, waitMs) => {
    vi.mocked(Math.random).mockReturnValue(random);
    const poll = start();
    await vi.advanceTimersByTimeAsync(waitMs - 1);
    expect(poll).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(poll).toHaveBeenCalledTimes(2);
  });

  it("backs off to ten seconds while polls fail, and no further", async () => {
    const poll = start(false);
    const times: number[] = [];
    poll.mockImplementation(async () => times.push(Date.now()) < 0);
    await vi.advanceTimersByTimeAsync(60_000);
    const waits = times.slice(1).map((time, i) => time - (times[i] ?? 0));
    expect(waits.slice(0, 5)).toEqual([4000, 8000, 10_000, 10_000, 10_000]);
  });

  it("never waits less than asked for because of the ten seconds", async () => {
    const poll = start(false, 60_000);
    await vi.advanceTimersByTimeAsync(59_999);
    expect(poll).toHaveBeenCalledTimes(1);
  });

  it("does not poll while hidden, and at once when visible again", async () => {
    const poll = start();
    await vi.advanceTimersByTimeAsync(1);
    setHidden(true);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(poll).toHaveBeenCalledTimes(1);
    setHidden(false);
    expect(poll).toHaveBeenCalledTimes(2);
  });

  it("never polls twice at a time", async () => {
    let answer = (_isOk: boolean) => {};
    const poll = vi.fn(() => new Promise<boolean>((resolve) => (answer = resolve)));
    stop = startPolling(poll, () => 1000);
    setHidden(true);
    setHidden(false);
    await vi.advanceTimersByTimeAsync(5000);
    expect(poll).toHaveBeenCalledTimes(1);
    answer(true);
    await vi.advanceTimersByTimeAsync(1000);
    expect(poll).toHaveBeenCalledTimes(2);
  });

  it("leaves no timer and no listener once stopped", async () => {
    const poll = start();
    await vi.advanceTimersByTimeAsync(1);
    stop();
    setHidden(true);
    setHidden(false);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(poll).toHaveBeenCalledTimes(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});
