/**
 * Compresses a file in a process of its own: `gzip-one.ts PATH LEVEL` prints what it took, as JSON; without a path it does
 * nothing, which is what the others are compared with.
 */
import { readFileSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { gzipFile } from "../src/rotate/gzip-file.ts";

const [path, level] = process.argv.slice(2);
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
const before = process.cpuUsage();
if (path) await gzipFile(path, { level: Number(level) });
const { user, system } = process.cpuUsage(before);
delay.disable();
const peakMb = Number(/VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))?.[1]) / 1024;
const blockedMs = Math.max(0, delay.max / 1e6 - 1);
process.stdout.write(JSON.stringify({ cpuSeconds: (user + system) / 1e6, peakMb, blockedMs }));
