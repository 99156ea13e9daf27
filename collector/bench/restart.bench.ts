import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Bench } from "./bench.ts";

const COLLECTOR = fileURLToPath(new URL("..", import.meta.url));
const CLI = join(COLLECTOR, "dist/cli.js");

const PORT = 18_890;
const FILE_BYTES = 64 * 1024 * 1024;
const ROUNDS = 15;

export const bench: Bench = {
  title: "Restart after a crash",
  method:
    "From the spawn of `node dist/cli.js serve` to the first 200 of `/readyz`, asked every 2 ms, on a folder as a kill leaves it: " +
    "a live file of 64 MB whose last line is torn, and the lock of a dead process. Read back by then: the ring and 262,144 ids, or as many as there are. " +
    "The last rows are the same on an empty folder: what Node and the modules take. On a machine that others use, the CPU time is what counts.",

  async run(say) {
    say("building …");
    execFileSync("npx", ["tsup"], { cwd: COLLECTOR, stdio: "ignore" });
    const folder = mkdtempSync(join(tmpdir(), "tallymark-bench-"));
    try {
      const crashed = join(folder, "crashed");
      const events = leaveCrashedFolder(crashed);
      const full = await measure(say, `64 MB, ${events} events`, folder, crashed);
      const empty = await measure(say, "empty", folder, undefined);
      return [
        { what: "restart, 64 MB live file, median", limit: "1 s", goal: "0.3 s", measured: full.median },
        { what: `the worst of ${ROUNDS} restarts`, limit: "1 s", goal: "", measured: full.worst },
        { what: "CPU time of the process until then, median", limit: "", goal: "", measured: full.cpu },
        { what: "start on an empty folder, median", limit: "", goal: "", measured: empty.median },
        { what: "CPU time of that, median", limit: "", goal: "", measured: empty.cpu },
      ];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function measure(say: (line: string) => void, what: string, folder: string, source: string | undefined) {
  const starts: { readonly seconds: number; readonly cpuSeconds: number }[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const dataDir = join(folder, "data");
    if (source) cpSync(source, dataDir, { recursive: true });
    // A collector has synced what it wrote, up to the last group.
    execFileSync("sync");
    starts.push(await timeStart(dataDir));
    rmSync(dataDir, { recursive: true });
  }
  const wall = sorted(starts.map(({ seconds }) => seconds));
  const cpu = sorted(starts.map(({ cpuSeconds }) => cpuSeconds));
  const median = Math.floor(ROUNDS / 2);
  say(`${what}: ${text(wall[0])} to ${text(wall.at(-1))}, median ${text(wall[median])}; CPU ${text(cpu[median])}`);
  return { median: text(wall[median]), worst: text(wall.at(-1)), cpu: text(cpu[median]) };
}

function sorted(numbers: readonly number[]): number[] {
  return [...numbers].sort((a, b) => a - b);
}

function text(seconds = 0): string {
  return `${seconds.toFixed(2)} s`;
}

async function timeStart(dataDir: string) {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [CLI, "serve"], {
    env: { ...process.env, PORT: String(PORT), METRICS_JSONL: join(dataDir, "metrics.jsonl"), LOG_LEVEL: "error" },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const exited = once(child, "exit");
  await untilReady(child);
  const seconds = (performance.now() - startedAt) / 1000;
  const cpuSeconds = cpuSecondsOf(child.pid);
  child.kill("SIGKILL");
  await exited;
  return { seconds, cpuSeconds };
}

/** User and system time of all threads, proc(5): counted in hundredths of a second on every machine in use. */
function cpuSecondsOf(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

async function untilReady(child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    if ((await statusOfReadyz()) === 200) return;
    await sleep(2);
  }
  throw new Error("The collector did not start.");
}

/** 0 while nobody listens. */
function statusOfReadyz(): Promise<number> {
  return new Promise((resolve) => {
    const asking = request({ host: "127.0.0.1", port: PORT, path: "/readyz", agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    asking.on("error", () => resolve(0));
    asking.end();
  });
}

/** @returns how many events the file holds */
function leaveCrashedFolder(dataDir: string): number {
  mkdirSync(join(dataDir, ".tallymark"), { recursive: true });
  const lines: string[] = [];
  for (let bytes = 0; bytes < FILE_BYTES; bytes += lines.at(-1)?.length ?? 0) lines.push(`${lineOf(lines.length)}\n`);
  const day = new Date().toISOString().slice(0, 10);
  writeFileSync(join(dataDir, `metrics-${day}.jsonl`), `${lines.join("")}${lineOf(0).slice(0, 100)}`);
  const token = "00000000-0000-4000-8000-000000000000";
  const holder = { pid: process.pid, host: hostname(), bootId: "before", token, socket: `writer.lock.${token}.sock` };
  writeFileSync(join(dataDir, ".tallymark/writer.lock"), `${JSON.stringify(holder)}\n`);
  return lines.length;
}

/** About as long as a line of a page view. */
function lineOf(n: number): string {
  return JSON.stringify({
    id: `01JD${n.toString(36).padStart(20, "0")}`,
    event: "page_view",
    visitor_id: `v${(n % 50_000).toString(36).padStart(21, "0")}`,
    session_id: `s${(n % 80_000).toString(36).padStart(21, "0")}`,
    ts: Date.now(),
    url: `/articles/${n % 500}?utm_source=newsletter`,
    referrer: "news.example.com/latest",
    title: "An article of a usual length",
    page_view_id: `p${n.toString(36).padStart(21, "0")}`,
    language: "en",
    viewport: "lg",
    sample_rate: 1,
    received_at: new Date().toISOString(),
    device: { type: "desktop", browser: "Chrome 140", os: "Windows" },
  });
}
