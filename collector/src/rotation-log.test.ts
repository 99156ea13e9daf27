import { pino } from "pino";
import { describe, expect, test } from "vitest";
import { FolderLockedError } from "./disk/folder-lock.ts";
import { createRotationLog } from "./rotation-log.ts";

function setUp() {
  const lines: { readonly msg: string; readonly level: number; readonly [key: string]: unknown }[] = [];
  const logger = pino({ base: null }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  return { log: createRotationLog(logger), lines, said: () => lines.splice(0).map(({ msg }) => msg) };
}

const holder = new FolderLockedError("maintenance.lock", { pid: 4711, host: "a1b2" });

describe("the log of rotations", () => {
  test("says once that another process works on the folder, and again after a run of its own", () => {
    const { log, said } = setUp();
    log.onSkipped(holder);
    log.onSkipped(holder);
    const sentence = "another process (4711 on a1b2) is working on the data folder; the next run tries again";
    expect(said()).toEqual([sentence]);
    log.onRun({ actions: [], leapDays: 0 });
    log.onSkipped(holder);
    expect(said()).toEqual([sentence]);
  });

  test("says once that the clock was set forward, and once that it is right again", () => {
    const { log, lines, said } = setUp();
    for (const leapDays of [0, 40, 40]) log.onRun({ actions: [], leapDays });
    expect(lines).toMatchObject([{ level: 50, days: 40 }]);
    expect(said()).toHaveLength(1);
    for (const leapDays of [0, 0]) log.onRun({ actions: [], leapDays });
    expect(said()).toEqual(["the clock is right again; files are rotated by it"]);
  });

  test("names what was done to which file, why, and how many events went; of a failure its code", () => {
    const { log, lines } = setUp();
    const file = { name: "metrics-2026-11-10.jsonl", ageDays: 9, reason: "ended 9 days ago" };
    const error = Object.assign(new Error("what a visitor sent"), { code: "ENOSPC" });
    const actions = [
      { type: "expire", ...file, removed: 3 },
      { type: "gzip", ...file, error },
    ] as const;
    log.onRun({ actions, leapDays: 0 });
    expect(lines).toMatchObject([
      { level: 30, action: "expire", file: file.name, reason: file.reason, events: 3, msg: "rotated" },
      { level: 50, action: "gzip", file: file.name, cause: { code: "ENOSPC" }, msg: "rotation failed" },
    ]);
    expect(JSON.stringify(lines)).not.toContain("visitor");
  });
});
