import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { appendFileSync, copyFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "tsup";
import type { Bench, Figure } from "./bench.ts";

const SAMPLE_BYTES = 256 * 1024 * 1024;
const LARGE_SAMPLES = 4;
const LEVELS = [1, 6, 9];
const ROUNDS = 3;

interface Measured {
  readonly cpuSeconds: number;
  readonly peakMb: number;
  readonly blockedMs: number;
}

export const bench: Bench = {
  title: "Compressing closed files",
  method:
    `User and system CPU time of compressing 256 MB of events, ours with reading the copy back, comparing and fsync, against \`gzip -c\`, in turns; medians of ${ROUNDS}. ` +
    "Memory: the peak (VmHWM) of a Node process that compresses 1 GB, less that of one that does nothing.",

  async run(say) {
    const work = mkdtempSync(join(tmpdir(), "tallymark-gzip-"));
    try {
      const program = await bundle(work);
      const sample = join(work, "sample.jsonl");
      writeSample(sample);
      const figures: Figure[] = [];
      for (const level of LEVELS) figures.push(compare(say, program, sample, level));

      const large = join(work, "metrics-2026-11-10.jsonl");
      for (let part = 0; part < LARGE_SAMPLES; part += 1) execFileSync("sh", ["-c", `cat '${sample}' >> '${large}'`]);
      const gigabytes = (statSync(large).size / 2 ** 30).toFixed(2);
      const busy = measure(program, large, "6");
      const overIdleMb = busy.peakMb - measure(program).peakMb;
      say(
        `${gigabytes} GB: ${overIdleMb.toFixed(0)} MB over idle, event loop blocked for ${busy.blockedMs.toFixed(1)} ms at most`,
      );
      const memory = {
        what: "memory over idle, 1 GB file",
        limit: "64 MB",
        goal: "",
        measured: `${overIdleMb.toFixed(0)} MB`,
      };
      const loop = {
        what: "the longest the event loop was blocked",
        limit: "",
        goal: "",
        measured: `${busy.blockedMs.toFixed(1)} ms`,
      };
      return [...figures, memory, loop];
    } finally {
      rmSync(work, { recursive: true });
    }
  },
};

function compare(say: (line: string) => void, program: string, sample: string, level: number): Figure {
  const ours: number[] = [];
  const theirs: number[] = [];
  const copy = `${sample}.copy`;
  for (let round = 0; round < ROUNDS; round += 1) {
    theirs.push(gzipSeconds(sample, level));
    copyFileSync(sample, copy);
    ours.push(measure(program, copy, `${level}`).cpuSeconds);
  }
  const oursMb = statSync(`${copy}.gz`).size / 1e6;
  const theirsMb = statSync(`${sample}.gz`).size / 1e6;
  rmSync(`${copy}.gz`);
  rmSync(`${sample}.gz`);
  const ratio = median(theirs) / median(ours);
  const measured = `${ratio.toFixed(2)}× (${median(ours).toFixed(2)} s and ${median(theirs).toFixed(2)} s; ${oursMb.toFixed(1)} MB and ${theirsMb.toFixed(1)} MB)`;
  say(`level ${level}: ${measured}`);
  return { what: `level ${level}, against the gzip program`, limit: "0.9×", goal: "", measured };
}

function measure(program: string, ...args: string[]): Measured {
  return JSON.parse(execFileSync(process.execPath, [program, ...args], { encoding: "utf8" }));
}

function gzipSeconds(sample: string, level: number): number {
  const script = `TIMEFORMAT='%3U %3S'; time gzip -${level} -c '${sample}' > '${sample}.gz'`;
  const printed = execFileSync("bash", ["-c", `{ ${script}; } 2>&1`], { encoding: "utf8" });
  const [user, system] = printed.trim().split(" ").map(Number);
  return (user ?? Number.NaN) + (system ?? Number.NaN);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Without the loader, whose memory would count as idle. */
async function bundle(folder: string): Promise<string> {
  const entry = { gzip: fileURLToPath(new URL("gzip-one.ts", import.meta.url)) };
  await build({
    config: false,
    silent: true,
    entry,
    outDir: folder,
    format: ["esm"],
    target: "node20",
    clean: false,
    outExtension: () => ({ js: ".mjs" }),
  });
  return join(folder, "gzip.mjs");
}

/** Events as a shop's pages send them: random ids, few paths, times that go up. */
function writeSample(path: string): void {
  const visitors = Array.from({ length: 5000 }, () => [randomId(), randomId()]);
  writeFileSync(path, "");
  let at = Date.UTC(2026, 10, 10);
  for (let bytes = 0; bytes < SAMPLE_BYTES; ) {
    let lines = "";
    while (lines.length < 4_194_304) {
      at += Math.floor(Math.random() * 20);
      lines += lineOf(visitors[Math.floor(Math.random() * visitors.length)] ?? [], at);
    }
    appendFileSync(path, lines);
    bytes += lines.length;
  }
}

function lineOf([visitor, session]: readonly string[], at: number): string {
  const page = Math.floor(Math.random() * 300);
  return `${JSON.stringify({
    id: randomId(),
    event: ["page_view", "engagement", "outbound_click", "web_vital", "scroll_depth", "error"][page % 6],
    visitor_id: visitor,
    session_id: session,
    ts: at,
    url: `/products/${page}`,
    referrer: "www.google.com/",
    title: `Product ${page}`,
    language: "en-GB",
    viewport: "lg",
    page_view_id: randomId(),
    metadata: { navigation: "load", plan: "pro", price: Math.floor(Math.random() * 1000) },
    sample_rate: 1,
    received_at: new Date(at + 40).toISOString(),
    device: { type: "desktop", browser: "Chrome 142", os: "Windows" },
  })}\n`;
}

function randomId(): string {
  return randomBytes(16).toString("base64url");
}
