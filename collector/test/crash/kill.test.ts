import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { canBeHalf } from "../intercept-disk.ts";
import { buildCollector } from "./build-collector.ts";
import { type Kill, type LifeReport, liveThrough, recordLife } from "./crash-life.ts";

/** `npx pnpm test:long` sets more. */
const RUNS = Number(process.env.CRASH_RUNS || 24);
const RUNS_PER_FOLDER = 8;

/** Every fourth kill is a signal at a random moment. */
const RANDOM_EVERY = 4;

const temp = mkdtempSync(join(tmpdir(), "tallymark-crash-"));
let program = "";
beforeAll(async () => {
  program = await buildCollector(join(temp, "build"));
});
afterAll(() => rmSync(temp, { recursive: true, force: true }));

test(`loses and doubles nothing it acknowledged when killed ${RUNS} times under 64 connections, at every step there is`, async () => {
  const steps = await recordLife(program);
  const kills = planKills(steps);
  print(`${steps.length} steps, ${kills.length} kills`);
  const reports: LifeReport[] = [];
  for (let first = 0; first < kills.length; first += RUNS_PER_FOLDER) {
    const part = kills.slice(first, first + RUNS_PER_FOLDER);
    const report = await liveThrough(program, `f${reports.length}`, part, print);
    reports.push(report);
    for (const fault of report.faults) print(`FAULT ${fault}`);
    expect.soft(report.lost, "acknowledged and lost").toEqual([]);
    expect.soft(report.doubled, "stored more than once").toEqual([]);
    expect.soft(report.faults).toEqual([]);
  }
  const restarts = reports.flatMap(({ restartsMs }) => restartsMs).sort((a, b) => a - b);
  const total = (count: (report: LifeReport) => number) => reports.reduce((sum, report) => sum + count(report), 0);
  const acknowledged = total((report) => report.acknowledged);
  print(
    `${kills.length} kills, ${total((report) => report.diedAtStep)} of them at a step; ${acknowledged} events acknowledged, ` +
      `${total((report) => report.lost.length)} lost, ${total((report) => report.doubled.length)} doubled; restart ` +
      `${restarts[restarts.length >> 1]?.toFixed(0)} ms in the median, ${restarts.at(-1)?.toFixed(0)} ms at worst`,
  );
  expect(acknowledged).toBeGreaterThan(RUNS * 100);
  expect(total((report) => report.diedAtStep)).toBeGreaterThan(0);
}, 1_800_000);

/** All steps in all ways, in random order, with a random moment every now and then. */
function planKills(steps: readonly (readonly [step: string, times: number])[]): (Kill | undefined)[] {
  const all: Kill[] = steps.flatMap(([step, times]) =>
    (canBeHalf(step) ? ["before", "half", "after"] : ["before", "after"]).map((death) => {
      return { step, death, nth: Math.random() < 0.7 ? 1 : 1 + Math.floor(Math.random() * Math.min(times, 3)) };
    }),
  );
  all.sort(() => Math.random() - 0.5);
  let next = 0;
  return Array.from({ length: RUNS }, (_, n) =>
    n % RANDOM_EVERY === RANDOM_EVERY - 1 ? undefined : all[next++ % all.length],
  );
}

function print(line: string): void {
  process.stdout.write(`crash: ${line}\n`);
}
