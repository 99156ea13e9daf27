import { expect, it } from "vitest";
import { readTrace } from "./read-trace.ts";
import type { TraceEvent } from "./trace-event.ts";

const ORIGIN = "http://localhost:1";
const SCRIPT = `${ORIGIN}/beacons.js`;
const SOURCE = "// src/beacons/one.ts\none();";

/** What the thread did from `ts` for `tdur` µs, in which it was never interrupted. */
function did(name: string, ts: number, tdur: number, data: TraceEvent["args"]["data"] = {}): TraceEvent {
  return { name, ph: "X", pid: 1, tid: 1, ts, dur: tdur, tdur, args: { data } };
}

const ours = (ts: number, tdur: number) =>
  did("FunctionCall", ts, tdur, { url: SCRIPT, functionName: "one", lineNumber: 2 });

const theirs = (ts: number, tdur: number) =>
  did("FunctionCall", ts, tdur, { url: `${ORIGIN}/page.js`, functionName: "page", lineNumber: 1 });

function mostMs(...trace: TraceEvent[]): number {
  return readTrace([did("RunTask", 0, 10_000), ...trace], SCRIPT, SOURCE).mostMs.beacons;
}

it("adds up our calls in a task", () => {
  expect(mostMs(ours(0, 1000), ours(2000, 500))).toBe(1.5);
  expect(mostMs(ours(0, 1000), did("RunTask", 20_000, 10_000), ours(20_000, 500))).toBe(1);
});

it("tells what one beacon alone has of a task, all its functions together", () => {
  const other = did("FunctionCall", 4000, 700, { url: SCRIPT, functionName: "two", lineNumber: 4 });
  const source = `${SOURCE}\n// src/beacons/two.ts\ntwo();`;
  const trace = [did("RunTask", 0, 10_000), ours(0, 500), ours(2000, 600), other];
  expect(readTrace(trace, SCRIPT, source).mostMs).toMatchObject({ beacon: 1.1, beacons: 1.8 });
});

it("leaves out what the page's functions take inside our calls, but not what they call of ours", () => {
  expect(mostMs(ours(0, 3000), theirs(100, 2000))).toBe(1);
  expect(mostMs(ours(0, 3000), theirs(100, 2000), ours(200, 500))).toBe(1.5);
});

it("leaves out garbage collections inside our calls, each once", () => {
  expect(mostMs(ours(0, 3000), did("MinorGC", 100, 200), did("MajorGC", 400, 1500))).toBeCloseTo(1.3);
  const nested = [did("MajorGC", 100, 1500), did("V8.GC_MARK_COMPACTOR", 100, 1400), did("V8.GC_MC_MARK", 200, 500)];
  expect(mostMs(ours(0, 3000), did("V8.StackGuard", 50, 1600), ...nested)).toBe(1.5);
  expect(mostMs(ours(0, 3000), did("V8.GC_HEAP_ENSURE_SWEEPING_COMPLETED", 100, 900))).toBeCloseTo(2.1);
});

it("does not leave out twice the garbage collections inside the page's functions", () => {
  expect(mostMs(ours(0, 3000), theirs(100, 2000), did("MajorGC", 200, 500))).toBe(1);
  expect(mostMs(ours(0, 3000), did("MajorGC", 3500, 500))).toBe(3);
});
