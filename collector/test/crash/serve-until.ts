/**
 * The real collector, which kills itself with SIGKILL at a step of its own. Reads its arguments as the collector does, and
 * besides: `CRASH_STEP`, `CRASH_NTH` and `CRASH_DEATH` say where and how it ends; `CRASH_STEPS_FILE` is where it writes what
 * steps there were, when it is stopped; `CRASH_MIDNIGHT_MS` how long after now a UTC midnight comes, `CRASH_DAYS` of how
 * many days from today.
 * @module
 */
import { writeFileSync } from "node:fs";
import { canBeHalf, halfOf, interceptDisk } from "../intercept-disk.ts";
import { stepKind } from "./step-kind.ts";

const {
  CRASH_STEP,
  CRASH_NTH = "1",
  CRASH_DEATH = "before",
  CRASH_STEPS_FILE,
  CRASH_MIDNIGHT_MS,
  CRASH_DAYS,
} = process.env;
const DAY_MS = 86_400_000;
const seen = new Map<string, number>();

interceptDisk(async (call, proceed) => {
  if (!call.isChange) return proceed();
  const kind = stepKind(call);
  const nth = (seen.get(kind) ?? 0) + 1;
  seen.set(kind, nth);
  if (kind !== CRASH_STEP || nth !== Number(CRASH_NTH)) return proceed();
  if (CRASH_DEATH === "half" && canBeHalf(kind)) await proceed(halfOf(call));
  if (CRASH_DEATH === "after") await proceed();
  process.kill(process.pid, "SIGKILL");
  // The signal ends this process before any promise is looked at.
  return undefined;
});

if (CRASH_MIDNIGHT_MS !== undefined) {
  const realNow = Date.now;
  const midnight = (Math.floor(realNow() / DAY_MS) + Number(CRASH_DAYS)) * DAY_MS;
  const offset = midnight - Number(CRASH_MIDNIGHT_MS) - realNow();
  Date.now = () => realNow() + offset;
}

if (CRASH_STEPS_FILE !== undefined) {
  process.on("exit", () => writeFileSync(CRASH_STEPS_FILE, JSON.stringify([...seen])));
}

await import("../../src/cli/main.ts");
