import type { RecentEvent } from "@tallymark/sdk/protocol";
import { describe, expect, test } from "vitest";
import { takeSnapshot } from "./take-snapshot.ts";

function entry(event: string, weight = 1) {
  const recent: RecentEvent = {
    event,
    visitor_id: "v",
    id: `${event}-${weight}`,
    ts: 1,
    sample_rate: 1 / weight,
    received_at: "2026-11-20T12:00:00.000Z",
    stored: true,
  };
  return { event: recent, weight };
}

describe("takeSnapshot", () => {
  test("counts by name, most frequent first and then by name", () => {
    const { total, by_event } = takeSnapshot(
      ["b", "a", "c", "c"].map((name) => entry(name)),
      50,
    );
    expect(total).toBe(4);
    expect(by_event.map(({ event, count }) => [event, count])).toEqual([
      ["c", 2],
      ["a", 1],
      ["b", 1],
    ]);
  });

  test("undoes sampling in the estimate: the sum of 1 / rate", () => {
    const { by_event } = takeSnapshot([entry("a", 4), entry("a", 10), entry("a")], 50);
    expect(by_event).toEqual([{ event: "a", count: 3, estimate: 15 }]);
  });

  test("gives estimates without the dust of binary fractions", () => {
    const { by_event } = takeSnapshot([entry("a", 0.1), entry("a", 0.2)], 50);
    expect(by_event[0]?.estimate).toBe(0.3);
  });

  test("shows no more events than asked for, and counts them all", () => {
    const entries = ["a", "b", "c"].map((name) => entry(name));
    const { total, by_event, last_events } = takeSnapshot(entries, 2);
    expect(last_events.map(({ event }) => event)).toEqual(["a", "b"]);
    expect(total).toBe(3);
    expect(by_event).toHaveLength(3);
    expect(takeSnapshot(entries, 0).last_events).toEqual([]);
  });

  test("counts events whose names JavaScript has a meaning for", () => {
    const { by_event } = takeSnapshot([entry("constructor"), entry("__proto__")], 5);
    expect(by_event.map(({ event, count }) => [event, count])).toEqual([
      ["__proto__", 1],
      ["constructor", 1],
    ]);
  });
});
