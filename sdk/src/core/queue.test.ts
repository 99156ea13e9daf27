import { describe, expect, it } from "vitest";
import { enqueue, QUEUE_CAPACITY, requeue, type TimedEvent } from "./queue.ts";

const eventAt = (ts: number): TimedEvent => ({ event: `e${ts}`, ts });
const times = (queue: readonly TimedEvent[]) => queue.map(({ ts }) => ts);

describe("queue", () => {
  it("keeps the newest events when full, and says that one had to go", () => {
    const queue: TimedEvent[] = [];
    for (let ts = 0; ts < QUEUE_CAPACITY; ts++) expect(enqueue(queue, eventAt(ts))).toBe(false);
    expect(enqueue(queue, eventAt(QUEUE_CAPACITY))).toBe(true);
    expect(queue).toHaveLength(QUEUE_CAPACITY);
    expect(queue[0]?.ts).toBe(1);
    expect(queue.at(-1)?.ts).toBe(QUEUE_CAPACITY);
  });

  it("puts back what was taken out before what came later", () => {
    const queue = [3, 4].map(eventAt);
    requeue(queue, [1, 2].map(eventAt));
    expect(times(queue)).toEqual([1, 2, 3, 4]);
  });

  it("keeps the order where two requests fail in the other order", () => {
    const queue = [5].map(eventAt);
    requeue(queue, [1, 2].map(eventAt));
    requeue(queue, [3, 4].map(eventAt));
    expect(times(queue)).toEqual([1, 2, 3, 4, 5]);
  });

  it("keeps the order of events of one millisecond", () => {
    const queue = [{ event: "c", ts: 1 }];
    requeue(queue, [
      { event: "a", ts: 1 },
      { event: "b", ts: 1 },
    ]);
    expect(queue.map(({ event }) => event)).toEqual(["a", "b", "c"]);
  });
});
