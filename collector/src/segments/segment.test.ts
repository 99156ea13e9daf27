import { describe, expect, test } from "vitest";
import { bySegmentTime, daysSinceEnd, parseSegment, segmentName, utcDay } from "./segment.ts";

const DAY_MS = 86_400_000;
const NOON = Date.parse("2026-11-20T12:00:00Z");

/** A fixed sequence, so that a failure can be repeated. */
function* pseudoRandom(seed: number): Generator<number, never> {
  let state = seed;
  while (true) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state;
  }
}

describe("parseSegment", () => {
  test.each([
    ["metrics-2026-11-20.jsonl", { day: "2026-11-20", shard: 0, kind: "plain" }],
    ["metrics-2026-11-20.1.jsonl", { day: "2026-11-20", shard: 1, kind: "plain" }],
    ["metrics-2026-11-20.12.jsonl.gz", { day: "2026-11-20", shard: 12, kind: "gz" }],
    ["metrics-2026-11-20.jsonl.torn", { day: "2026-11-20", shard: 0, kind: "torn" }],
    ["metrics-2024-02-29.jsonl", { day: "2024-02-29", shard: 0, kind: "plain" }],
  ])("reads %s", (name, parts) => {
    expect(parseSegment(name)).toEqual({ name, ...parts });
  });

  test.each([
    "",
    "metrics.jsonl",
    "metrics.jsonl.old",
    "metrics-2026-11-20.jsonl.gz.4711.tmp",
    "metrics-2026-11-20.jsonl.old",
    "metrics-2026-11-20.jsonl.gz.torn",
    "metrics-2026-11-20.jsonl\n",
    "metrics-2026-11-20.jsonl\u0000",
    "../metrics-2026-11-20.jsonl",
    "metrics-2026-11-20.jsonl/../../etc/passwd",
    "metrics-2026-02-30.jsonl",
    "metrics-2025-02-29.jsonl",
    "metrics-2026-13-01.jsonl",
    "metrics-2026-00-10.jsonl",
    "metrics-2026-11-2.jsonl",
    "metrics-٢٠٢٦-11-20.jsonl",
    "metrics-2026-11-20.0.jsonl",
    "metrics-2026-11-20.01.jsonl",
    "metrics-2026-11-20.-1.jsonl",
    "metrics-2026-11-20.1e3.jsonl",
    "metrics-2026-11-20.99999999999999999999.jsonl",
    "METRICS-2026-11-20.JSONL",
    "xmetrics-2026-11-20.jsonl",
  ])("takes %j for somebody else's file", (name) => {
    expect(parseSegment(name)).toBeUndefined();
  });

  test("reads back every name it makes", () => {
    const random = pseudoRandom(1);
    for (let round = 0; round < 2000; round++) {
      const day = utcDay((random.next().value % 60_000) * DAY_MS);
      const shard = random.next().value % 100_000;
      const name = segmentName(day, shard);
      expect(parseSegment(name)).toEqual({ name, day, shard, kind: "plain" });
    }
  });

  test("never reads two different files out of one name, however it is bent", () => {
    const random = pseudoRandom(2);
    const alphabet = "metrics-.jsonlgztorn0123456789/\n ";
    for (let round = 0; round < 5000; round++) {
      const name = "metrics-2026-11-20.7.jsonl.gz".split("");
      const position = random.next().value % name.length;
      name[position] = alphabet[random.next().value % alphabet.length] ?? "";
      const bent = name.join("");
      const segment = parseSegment(bent);
      if (!segment) continue;
      const ending = segment.kind === "plain" ? "" : `.${segment.kind}`;
      expect(segmentName(segment.day, segment.shard) + ending).toBe(bent);
    }
  });

  test("answers at once to a name made to be slow", () => {
    const names = [`metrics-${"1".repeat(100_000)}`, `metrics-2026-11-20.${"9".repeat(100_000)}.jsonl.gz!`];
    const startedAt = performance.now();
    for (const name of names) expect(parseSegment(name)).toBeUndefined();
    expect(performance.now() - startedAt).toBeLessThan(100);
  });
});

describe("utcDay", () => {
  test("changes at midnight UTC and not before", () => {
    expect(utcDay(Date.parse("2026-11-20T23:59:59.999Z"))).toBe("2026-11-20");
    expect(utcDay(Date.parse("2026-11-21T00:00:00Z"))).toBe("2026-11-21");
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, 8.64e15 + 1, -9e15])("is empty for %d, which is no date", (ms) => {
    expect(utcDay(ms)).toBe("");
  });
});

describe("daysSinceEnd", () => {
  test.each([
    ["2026-11-19", 0],
    ["2026-11-18", 1],
    ["2026-11-20", -1],
    ["2026-11-21", -2],
    ["2025-11-20", 364],
  ])("counts whole days since %s ended: %d", (day, days) => {
    expect(daysSinceEnd(day, NOON)).toBe(days);
  });

  test("turns at midnight, not at noon", () => {
    expect(daysSinceEnd("2026-11-19", Date.parse("2026-11-20T00:00:00Z"))).toBe(0);
    expect(daysSinceEnd("2026-11-19", Date.parse("2026-11-20T23:59:59.999Z"))).toBe(0);
  });
});

test("segments sort by day, then by shard as a number", () => {
  const names = [
    "metrics-2026-11-20.10.jsonl",
    "metrics-2026-11-20.2.jsonl",
    "metrics-2026-11-19.jsonl.gz",
    "metrics-2026-11-20.jsonl",
  ];
  const sorted = names
    .map(parseSegment)
    .filter((segment) => segment !== undefined)
    .sort(bySegmentTime);
  expect(sorted.map(({ name }) => name)).toEqual([
    "metrics-2026-11-19.jsonl.gz",
    "metrics-2026-11-20.jsonl",
    "metrics-2026-11-20.2.jsonl",
    "metrics-2026-11-20.10.jsonl",
  ]);
});
