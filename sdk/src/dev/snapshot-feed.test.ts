import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { HEALTHY, recentEvent, setHidden, snapshotOf, stubCollector } from "../../test/dev-fixtures.ts";
import { type SnapshotSource, type SnapshotState, snapshotState, subscribeToSnapshots } from "./snapshot-feed.ts";

const source: SnapshotSource = { endpoint: "https://stats.example.com" };
const leaving: (() => void)[] = [];

function subscribe(over: Partial<SnapshotSource> = {}) {
  const states: SnapshotState[] = [];
  const leave = subscribeToSnapshots({ ...source, ...over }, (state) => states.push(state));
  leaving.push(leave);
  return { states, leave };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(0.5);
});

afterEach(async () => {
  for (const leave of leaving.splice(0)) leave();
  await vi.advanceTimersByTimeAsync(0);
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe("subscribeToSnapshots", () => {
  it("goes from loading to live, with snapshot and health", async () => {
    const snapshot = snapshotOf(recentEvent());
    stubCollector({ snapshot });
    const { states } = subscribe();
    expect(snapshotState(source)).toEqual({ status: "loading" });
    await vi.advanceTimersByTimeAsync(0);
    expect(states).toEqual([{ status: "live", snapshot, health: HEALTHY }]);
    expect(snapshotState(source)).toBe(states[0]);
  });

  it("polls once for all who watch the same collector", async () => {
    const { polls } = stubCollector();
    const first = subscribe();
    const second = subscribe();
    await vi.advanceTimersByTimeAsync(1000);
    expect(polls()).toBe(2);
    expect(first.states).toHaveLength(2);
    expect(second.states).toEqual(first.states);
  });

  it("polls apart for another token", async () => {
    const { polls } = stubCollector();
    subscribe();
    subscribe({ token: "t" });
    await vi.advanceTimersByTimeAsync(0);
    expect(polls()).toBe(2);
  });

  it("follows the most impatient subscriber, and takes nonsense for the default", async () => {
    const { polls } = stubCollector();
    subscribe({ intervalMs: Number.NaN });
    await vi.advanceTimersByTimeAsync(1000);
    expect(polls()).toBe(2);
    subscribe({ intervalMs: 200 });
    await vi.advanceTimersByTimeAsync(1000 + 200 * 4);
    expect(polls()).toBe(7);
  });

  it("asks for health less often than for events", async () => {
    const { polls, healthPolls } = stubCollector();
    subscribe();
    await vi.advanceTimersByTimeAsync(6000);
    expect([polls(), healthPolls()]).toEqual([7, 3]);
  });

  it("keeps the last snapshot through an error, and recovers", async () => {
    const snapshot = snapshotOf(recentEvent());
    const { answers } = stubCollector({ snapshot });
    const { states } = subscribe();
    await vi.advanceTimersByTimeAsync(0);
    answers.status = 401;
    await vi.advanceTimersByTimeAsync(1000);
    expect(states.at(-1)).toMatchObject({ status: "error", snapshot, health: HEALTHY });
    expect(states.at(-1)?.error?.message).toContain("pass the read token");
    answers.status = 200;
    await vi.advanceTimersByTimeAsync(2000);
    expect(states.at(-1)).toEqual({ status: "live", snapshot, health: HEALTHY });
  });

  it("flushes the client before it polls", async () => {
    const { polls } = stubCollector();
    const client = { flush: vi.fn(async () => expect(polls()).toBe(0)) };
    subscribe({ client });
    await vi.advanceTimersByTimeAsync(0);
    expect(client.flush).toHaveBeenCalledTimes(1);
    expect(polls()).toBe(1);
  });

  it("polls all the same when a flush hangs", async () => {
    const { polls } = stubCollector();
    subscribe({ client: { flush: () => new Promise(() => {}) } });
    await vi.advanceTimersByTimeAsync(499);
    expect(polls()).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(polls()).toBe(1);
  });

  it("gives up a request that gets no answer, in one sentence", async () => {
    const hang = (_: unknown, { signal }: RequestInit) =>
      new Promise((_resolve, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
    vi.stubGlobal("fetch", vi.fn(hang));
    const { states } = subscribe();
    await vi.advanceTimersByTimeAsync(5000);
    expect(states).toHaveLength(1);
    expect(states[0]?.error?.message).toBe(
      "The Tallymark collector gave no answer within 5 s: is it overloaded, or out of reach?",
    );
  });

  it("stops when the last subscriber leaves, without another word", async () => {
    const { polls } = stubCollector();
    const { states, leave } = subscribe();
    leave();
    await vi.advanceTimersByTimeAsync(60_000);
    expect([polls(), states.length, vi.getTimerCount()]).toEqual([0, 0, 0]);
    expect(snapshotState(source)).toEqual({ status: "loading" });
  });

  it("keeps the poller for one who comes back at once", async () => {
    const { polls } = stubCollector();
    const { leave } = subscribe();
    await vi.advanceTimersByTimeAsync(10);
    leave();
    const { states } = subscribe();
    await vi.advanceTimersByTimeAsync(10);
    expect([polls(), states.length]).toEqual([1, 0]);
    await vi.advanceTimersByTimeAsync(1000);
    expect([polls(), states.length]).toEqual([2, 1]);
  });

  it("asks nothing while the page is hidden", async () => {
    setHidden(true);
    const { fetch } = stubCollector();
    subscribe();
    await vi.advanceTimersByTimeAsync(5000);
    expect(fetch).not.toHaveBeenCalled();
    setHidden(false);
    await vi.advanceTimersByTimeAsync(0);
    expect(fetch).toHaveBeenCalled();
  });
});
