import { constants, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { type Death, dieAt, recordSteps } from "../dying-disk.ts";
import { type DiskCall, interceptDisk } from "../intercept-disk.ts";
import { NOTHING_SURVIVES, powerCutDisk } from "../power-cut.ts";
import { tempFolder } from "../temp-folder.ts";
import { ALIVE, expectKept, type Fixture, rotate, startOn } from "./crash-fixture.ts";
import { filesWith } from "./crash-folder.ts";

const DAY_MS = 86_400_000;
const EVENING = Date.parse("2026-11-20T23:00:00Z");
const VICTIM = "victim-0123456789-abcdef";

/** What a collector is put through; times are moves of its clock. */
type Deed = "one" | "batch" | "together" | "next day" | "hour back" | "rotate" | "erase" | "restart";

const DEEDS: readonly Deed[] = ["one", "batch", "together", "next day", "hour back", "rotate", "erase", "restart"];

/** One life of a data folder, which a power cut ends. */
interface Fate {
  readonly fixture: Fixture & { isErasurePromised: boolean };
  readonly clock: { now: number };
}

function newFate(root: string): Fate {
  const dataDir = join(root, "data");
  const fixture = {
    dataDir,
    linkPath: join(dataDir, "metrics.jsonl"),
    acknowledged: new Set<string>(),
    isErasurePromised: false,
  };
  return { fixture, clock: { now: EVENING } };
}

async function live({ fixture, clock }: Fate, deeds: readonly Deed[], life = ALIVE): Promise<void> {
  let collector = await startOn(fixture, life, () => clock.now);
  let n = 0;
  const id = () => `${deeds.length}-${n++}`;
  for (const deed of deeds) {
    clock.now += 60_000;
    if (deed === "one") await collector.post(id());
    if (deed === "batch") await collector.post(id(), id(), id());
    if (deed === "together")
      await Promise.all([collector.post(id()), collector.post(id(), id()), collector.post(id())]);
    if (deed === "next day") clock.now += DAY_MS;
    if (deed === "hour back") clock.now -= DAY_MS / 24;
    if (deed === "rotate") await rotate(fixture, clock.now);
    if (deed === "erase" && (await collector.erase(VICTIM))) fixture.isErasurePromised = true;
    if (deed === "restart") {
      await collector.close();
      collector = await startOn(fixture, life, () => clock.now);
    }
  }
  await collector.close();
}

/** After the cut: a start, a rotation, and every promise held against the files. */
async function expectPromisesKept({ fixture, clock }: Fate): Promise<void> {
  const collector = await startOn(fixture, ALIVE, () => clock.now);
  await collector.post("after-the-cut");
  if (fixture.isErasurePromised)
    await expect.poll(() => filesWith(fixture.dataDir, VICTIM), { timeout: 5000 }).toEqual([]);
  await collector.close();
  await rotate(fixture, clock.now + 2 * DAY_MS);
  expectKept(fixture);
}

test("a power cut at any step loses nothing that was acknowledged, if all that was not synced is lost", async () => {
  const power = powerCutDisk();
  onTestFinished(power.restore);
  const deeds: Deed[] = ["one", "batch", "together", "erase", "next day", "together", "rotate", "restart", "one"];
  const root = tempFolder();
  const steps = await recordSteps((life) => live(newFate(root), deeds, life));
  for (let step = 0; step < steps.length; step += 1) {
    const fate = startAnew(root, power.watch);
    await dieAt(step, "after", (life) => live(fate, deeds, life));
    power.cut();
    await expectPromisesKept(fate).catch((error) => {
      error.message = `cut after step ${step + 1} of ${steps.length}, ${steps[step]}: ${error.message}`;
      throw error;
    });
  }
}, 120_000);

test("a power cut at a random step of a random life loses nothing that was acknowledged, whatever of the unsynced survives", async () => {
  const power = powerCutDisk();
  onTestFinished(power.restore);
  const root = tempFolder();
  const deeds = fc.array(fc.constantFrom(...DEEDS), { minLength: 1, maxLength: 10 });
  const deaths = fc.constantFrom<Death>("before", "half", "after");
  const property = fc.asyncProperty(deeds, fc.nat(150), deaths, fc.integer(), async (deeds, step, death, seed) => {
    const fate = startAnew(root, power.watch);
    await dieAt(step, death, (life) => live(fate, deeds, life));
    power.cut(seed % 4 === 0 ? NOTHING_SURVIVES : coin(seed));
    await expectPromisesKept(fate);
  });
  await fc.assert(property, { numRuns: Number(process.env.POWER_CUTS || 50) });
}, 600_000);

test("a disk that only says that it has synced loses what was acknowledged: these tests can fail", async () => {
  const power = powerCutDisk();
  onTestFinished(power.restore);
  const withoutSync = ({ method, args: [path, flags, mode] }: DiskCall) =>
    method === "open" && typeof flags === "number" ? [path, flags & ~constants.O_DSYNC, mode] : undefined;
  onTestFinished(interceptDisk(async (call, proceed) => proceed(withoutSync(call))));
  const fate = startAnew(tempFolder(), power.watch);
  await live(fate, ["one"]);
  power.cut();
  expect(fate.fixture.acknowledged.size).toBe(1);
  await expect(expectPromisesKept(fate)).rejects.toThrow(/to deeply equal/);
});

function startAnew(root: string, watch: (folder: string) => void): Fate {
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root);
  watch(root);
  return newFate(root);
}

/** Heads or tails, the same row for the same seed: mulberry32. */
function coin(seed: number): () => boolean {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) & 1) === 1;
  };
}
