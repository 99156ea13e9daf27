import { uptime } from "node:os";
import { join } from "node:path";
import { readBootId } from "../disk/lock-holder.ts";
import { readState, saveState } from "./state-file.ts";

const DAY_MS = 86_400_000;

/** What the machine knows of time besides its clock. */
export interface Machine {
  /** Changes whenever the machine starts; `""` where the system does not tell. */
  readonly bootId: string;
  /** Time since then, in ms, suspension included. */
  readonly uptimeMs: number;
}

export interface SteadyTime {
  /** What to rotate by, in ms since 1970. */
  readonly now: number;
  /** How far the clock was set forward since the machine started, in whole days. */
  readonly leapDays: number;
}

export async function readMachine(): Promise<Machine> {
  return { bootId: await readBootId(), uptimeMs: uptime() * 1000 };
}

/**
 * Retention must not believe a clock that jumps: set forward by 40 days, it would delete everything. So the first run
 * after a start of the machine notes when that was by the clock, and from then on the time is that plus the machine's
 * uptime, which nobody sets, wherever the clock is more than a day ahead of it. Rotating goes on meanwhile, only later.
 * It ends when the clock is set back, or the machine starts again: whatever time it has then is believed.
 * @param now the clock, in ms since 1970
 */
export async function readSteadyTime(dataDir: string, now: number, { bootId, uptimeMs }: Machine): Promise<SteadyTime> {
  const noted = await readState(pathIn(dataDir));
  if (noted?.bootId !== bootId || typeof noted.startedAt !== "number" || bootId === "") return { now, leapDays: 0 };
  const leapMs = now - uptimeMs - noted.startedAt;
  return leapMs > DAY_MS ? { now: now - leapMs, leapDays: Math.floor(leapMs / DAY_MS) } : { now, leapDays: 0 };
}

/** Notes when the machine started, by the clock of its first run. */
export async function noteStart(dataDir: string, now: number, { bootId, uptimeMs }: Machine): Promise<void> {
  if (bootId === "" || !Number.isFinite(now)) return;
  const noted = await readState(pathIn(dataDir));
  if (noted?.bootId === bootId && typeof noted.startedAt === "number") return;
  await saveState(pathIn(dataDir), { bootId, startedAt: Math.round(now - uptimeMs) });
}

function pathIn(dataDir: string): string {
  return join(dataDir, ".tallymark", "clock.json");
}
