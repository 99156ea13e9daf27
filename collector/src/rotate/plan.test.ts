import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { daysSinceEnd, parseSegment, type Segment, segmentName, utcDay } from "../segments/segment.ts";
import { type PlanContext, planRotation, type RotationAction } from "./plan.ts";
import { longestRetentionDays, type RotationPolicy } from "./policy.ts";

const DAY_MS = 86_400_000;
const NOW = Date.parse("2026-11-20T12:00:00Z");
const POLICY: RotationPolicy = { gzipAfterDays: 3, retentionDays: 30 };

interface PlanOptions extends Partial<PlanContext> {
  readonly policy?: RotationPolicy;
}

function segmentsOf(names: readonly string[]): Segment[] {
  return names.map(parseSegment).filter((segment) => segment !== undefined);
}

function planned(names: readonly string[], { policy = POLICY, ...context }: PlanOptions = {}): RotationAction[] {
  const all = { live: undefined, cleared: new Map(), isArchived: false, now: NOW, ...context };
  return planRotation(segmentsOf(names), policy, all);
}

function plan(names: readonly string[], options?: PlanOptions): string[] {
  return planned(names, options).map(({ type, name }) => `${type} ${name}`);
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

  test("archives instead of deleting where there is an archive, but not what was torn", () => {
    expect(plan(["metrics-2026-10-01.jsonl.gz", "metrics-2026-10-01.jsonl.torn"], { isArchived: true })).toEqual([
      "archive metrics-2026-10-01.jsonl.gz",
      "delete metrics-2026-10-01.jsonl.torn",
    ]);
  });

  test("does nothing by a clock that is broken", () => {
    const names = ["metrics-2026-10-01.jsonl", "metrics-2026-11-01.jsonl"];
    expect(plan(names, { now: Number.NaN })).toEqual([]);
    expect(plan(names, { now: 0 })).toEqual([]);
  });

  test("says why, for the person who reads it", () => {
    const policy = { gzipAfterDays: 1, retentionDays: 30, ttlDays: { error: 1, search: 40 } };
    const names = ["metrics-2026-11-18.jsonl", "metrics-2026-10-18.jsonl.gz", "metrics-2026-10-01.jsonl"];
    expect(planned(names, { policy })).toEqual([
      { type: "expire", name: names[0], ageDays: 1, reason: "ended 1 day ago; kept: error 1 day" },
      { type: "gzip", name: names[0], ageDays: 1, reason: "ended 1 day ago" },
      {
        type: "expire",
        name: names[1],
        ageDays: 32,
        reason: "ended 32 days ago; kept: error 1 day, all others 30 days",
      },
      { type: "delete", name: names[2], ageDays: 49, reason: "ended 49 days ago" },
    ]);
  });
});

describe("planRotation with terms by event name", () => {
  const policy = { gzipAfterDays: 3, retentionDays: 30, ttlDays: { error: 7, order: 90 } };

  test("looks for expired events when a term has run out, not a day before", () => {
    expect(plan(["metrics-2026-11-12.jsonl.gz", "metrics-2026-11-13.jsonl.gz"], { policy })).toEqual([
      "expire metrics-2026-11-12.jsonl.gz",
    ]);
  });

  test("looks again only when the next term has run out", () => {
    const names = ["metrics-2026-10-20.jsonl.gz"];
    const clearedFor = (days: number) => new Map([["metrics-2026-10-20.jsonl", days]]);
    expect(plan(names, { policy, cleared: clearedFor(7) })).toEqual(["expire metrics-2026-10-20.jsonl.gz"]);
    expect(plan(names, { policy, cleared: clearedFor(29) })).toEqual(["expire metrics-2026-10-20.jsonl.gz"]);
    expect(plan(names, { policy, cleared: clearedFor(30) })).toEqual([]);
  });

  test("keeps a file for the longest term, and what was torn for the usual one", () => {
    const names = ["metrics-2026-08-21.jsonl.gz", "metrics-2026-08-22.jsonl.gz", "metrics-2026-10-20.jsonl.torn"];
    const cleared = new Map([["metrics-2026-08-22.jsonl", 30]]);
    expect(plan(names, { policy, cleared })).toEqual([
      "delete metrics-2026-08-21.jsonl.gz",
      "delete metrics-2026-10-20.jsonl.torn",
    ]);
  });

  test("removes the expired events before it compresses the rest", () => {
    expect(plan(["metrics-2026-11-10.jsonl"], { policy })).toEqual([
      "expire metrics-2026-11-10.jsonl",
      "gzip metrics-2026-11-10.jsonl",
    ]);
  });
});

const days = fc.integer({ min: 0, max: 60 });
const policies: fc.Arbitrary<RotationPolicy> = fc.record({
  gzipAfterDays: days,
  retentionDays: fc.integer({ min: 1, max: 60 }),
  ttlDays: fc.dictionary(fc.constantFrom("error", "order", "constructor"), fc.integer({ min: 1, max: 60 })),
});
/** Of up to 80 days before now and a few after; a file's kinds exclude each other, as `listSegments` gives them. */
const folders = fc
  .uniqueArray(
    fc.record({
      ago: fc.integer({ min: -3, max: 80 }),
      shard: fc.integer({ min: 0, max: 3 }),
      kind: fc.constantFrom("", ".gz", ".torn"),
    }),
    { selector: ({ ago, shard, kind }) => `${ago} ${shard} ${kind === ".torn"}` },
  )
  .map((files) => files.map(({ ago, shard, kind }) => segmentName(utcDay(NOW - ago * DAY_MS), shard) + kind));
const clocks = fc.integer({ min: NOW - 5 * DAY_MS, max: NOW + 5 * DAY_MS });

/** What a folder looks like when everything planned is done. */
function apply(names: readonly string[], actions: readonly RotationAction[], cleared: Map<string, number>): string[] {
  const left = new Set(names);
  for (const { type, name, ageDays } of actions) {
    if (type === "expire") cleared.set(name.replace(/\.gz$/, ""), ageDays);
    else left.delete(name);
    if (type === "gzip") left.add(`${name}.gz`);
  }
  return [...left];
}

describe("whatever the folder, the policy and the clock, planRotation", () => {
  test("never touches the live file, nor one of today or later", () => {
    fc.assert(
      fc.property(folders, policies, clocks, fc.nat(), (names, policy, now, pick) => {
        const live = names[pick % (names.length || 1)];
        for (const { name } of planned(names, { policy, live, now })) {
          expect(name).not.toBe(live);
          expect(parseSegment(name)?.day.localeCompare(utcDay(now))).toBe(-1);
        }
      }),
    );
  });

  test("never deletes a file in which an event could have a day left", () => {
    fc.assert(
      fc.property(folders, policies, clocks, fc.boolean(), (names, policy, now, isArchived) => {
        const removed = planned(names, { policy, now, isArchived }).filter(({ type }) => /delete|archive/.test(type));
        for (const { name } of removed) {
          const { day = "", kind } = parseSegment(name) ?? {};
          const keptDays = kind === "torn" ? policy.retentionDays : longestRetentionDays(policy);
          expect(daysSinceEnd(day, now)).toBeGreaterThanOrEqual(keptDays);
        }
      }),
    );
  });

  test("has nothing left to do when all is done", () => {
    fc.assert(
      fc.property(folders, policies, clocks, (names, policy, now) => {
        const cleared = new Map<string, number>();
        const after = apply(names, planned(names, { policy, now }), cleared);
        expect(plan(after, { policy, now, cleared })).toEqual([]);
      }),
    );
  });

  test("comes to the same by many runs as by one: what is due stays due", () => {
    fc.assert(
      fc.property(folders, policies, clocks, fc.array(days, { maxLength: 5 }), (names, policy, end, steps) => {
        const clearedAtOnce = new Map<string, number>();
        const atOnce = apply(names, planned(names, { policy, now: end }), clearedAtOnce);
        const cleared = new Map<string, number>();
        let stepwise: string[] = [...names];
        for (const now of [...steps.map((ago) => end - ago * DAY_MS).sort((a, b) => a - b), end])
          stepwise = apply(stepwise, planned(stepwise, { policy, now, cleared }), cleared);
        expect(stepwise.sort()).toEqual(atOnce.sort());
      }),
    );
  });

  test("only ever plans more as time goes on", () => {
    fc.assert(
      fc.property(folders, policies, clocks, days, (names, policy, now, later) => {
        const touched = (at: number) => new Set(planned(names, { policy, now: at }).map(({ name }) => name));
        const afterwards = touched(now + later * DAY_MS);
        for (const name of touched(now)) expect(afterwards).toContain(name);
      }),
    );
  });
});
