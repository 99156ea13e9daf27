import { describe, expect, test } from "vitest";
import { parseSegment, type Segment } from "../segments/segment.ts";
import { planRotation } from "./plan.ts";

const NOW = Date.parse("2026-11-20T12:00:00Z");
const POLICY = { gzipAfterDays: 3, retentionDays: 30 };

function plan(
  names: readonly string[],
  { live, policy = POLICY, now = NOW }: { live?: string; policy?: typeof POLICY; now?: number } = {},
) {
  const segments = names.map(parseSegment).filter((segment): segment is Segment => segment !== undefined);
  return planRotation(segments, live, policy, now).map(({ type, name }) => `${type} ${name}`);
}

describe("planRotation", () => {
  test("compresses when all events of a file are three days old, not a day before", () => {
    expect(plan(["metrics-2026-11-16.jsonl", "metrics-2026-11-17.jsonl", "metrics-2026-11-19.jsonl"])).toEqual([
      "gzip metrics-2026-11-16.jsonl",
    ]);
  });

  test("deletes when all events of a file are thirty days old, not a day before", () => {
    expect(plan(["metrics-2026-10-20.jsonl.gz", "metrics-2026-10-21.jsonl.gz"])).toEqual([
      "delete metrics-2026-10-20.jsonl.gz",
    ]);
  });

  test("deletes what was never compressed, and what was torn, in their time too", () => {
    expect(
      plan(["metrics-2026-10-01.jsonl", "metrics-2026-10-01.1.jsonl.torn", "metrics-2026-11-01.jsonl.torn"]),
    ).toEqual(["delete metrics-2026-10-01.jsonl", "delete metrics-2026-10-01.1.jsonl.torn"]);
  });

  test("compresses every shard of a day, and none twice", () => {
    expect(plan(["metrics-2026-11-10.jsonl", "metrics-2026-11-10.1.jsonl", "metrics-2026-11-10.2.jsonl.gz"])).toEqual([
      "gzip metrics-2026-11-10.jsonl",
      "gzip metrics-2026-11-10.1.jsonl",
    ]);
  });

  test("compresses again where the copy was finished and the original not yet deleted", () => {
    expect(plan(["metrics-2026-11-10.jsonl", "metrics-2026-11-10.jsonl.gz"])).toEqual([
      "gzip metrics-2026-11-10.jsonl",
    ]);
  });

  test("leaves the file being written alone, however old", () => {
    const live = "metrics-2026-01-01.jsonl";
    expect(plan([live], { live })).toEqual([]);
  });

  test.each([POLICY, { gzipAfterDays: 0, retentionDays: 0 }, { gzipAfterDays: -99, retentionDays: -99 }])(
    "leaves files of today and of the future alone under %o",
    (policy) => {
      const names = [
        "metrics-2026-11-20.jsonl",
        "metrics-2026-11-20.1.jsonl.gz",
        "metrics-2026-11-21.jsonl",
        "metrics-2099-01-01.jsonl",
      ];
      expect(plan(names, { policy })).toEqual([]);
    },
  );

  test("compresses yesterday from midnight on where the policy is 0 days", () => {
    const policy = { gzipAfterDays: 0, retentionDays: 30 };
    const names = ["metrics-2026-11-19.jsonl"];
    expect(plan(names, { policy, now: Date.parse("2026-11-19T23:59:59.999Z") })).toEqual([]);
    expect(plan(names, { policy, now: Date.parse("2026-11-20T00:00:00Z") })).toEqual(["gzip metrics-2026-11-19.jsonl"]);
  });

  test("deletes rather than compresses where both are due", () => {
    expect(plan(["metrics-2026-10-01.jsonl"])).toEqual(["delete metrics-2026-10-01.jsonl"]);
  });

  test("does nothing by a clock that is broken", () => {
    const names = ["metrics-2026-10-01.jsonl", "metrics-2026-11-01.jsonl"];
    expect(plan(names, { now: Number.NaN })).toEqual([]);
    expect(plan(names, { now: 0 })).toEqual([]);
  });

  test("says why, for the person who reads it", () => {
    const segments = ["metrics-2026-11-18.jsonl", "metrics-2026-10-01.jsonl"]
      .map(parseSegment)
      .filter((found) => found !== undefined);
    const reasons = planRotation(segments, undefined, { gzipAfterDays: 1, retentionDays: 30 }, NOW).map(
      ({ reason }) => reason,
    );
    expect(reasons).toEqual(["ended 1 day ago", "ended 49 days ago"]);
  });
});
