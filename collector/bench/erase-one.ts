/** Erases one visitor in a process of its own: `erase-one.ts DATA_DIR ID` prints what it took, as JSON. */
import { readFileSync } from "node:fs";
import { createEraser } from "../src/erase/eraser.ts";

const [dataDir = "", id = ""] = process.argv.slice(2);
const idleMb = peakMb();
const eraser = createEraser({
  dataDir,
  linkName: "metrics.jsonl",
  lifetimeMs: 0,
  onFailure: ({ error }) => void Promise.reject(error),
});
await eraser.open();
const startedAt = performance.now();
const before = process.cpuUsage();
const { tried } = await eraser.erase({ ids: [id], redacts: true });
const { status, erased } = await tried;
const seconds = (performance.now() - startedAt) / 1000;
const { user, system } = process.cpuUsage(before);
await eraser.close();
process.stdout.write(
  JSON.stringify({ status, erased, seconds, cpuSeconds: (user + system) / 1e6, idleMb, overIdleMb: peakMb() - idleMb }),
);

function peakMb(): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))?.[1]) / 1024;
}
