import { execFileSync } from "node:child_process";
import { createReadStream, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Bench } from "./bench.ts";
import { CONNECTIONS, type LoadResult, load, needWrk } from "./load.ts";
import { type ServerProcess, startServer } from "./server-process.ts";

const COLLECTOR = fileURLToPath(new URL("..", import.meta.url));
const CLI = join(COLLECTOR, "dist/cli.js");
const BARE = fileURLToPath(new URL("peers/bare.mjs", import.meta.url));

const FIRST_PORT = 18_800;
const BATCH_EVENTS = 50;
const WARM_UP_SECONDS = 3;
const ROUND_SECONDS = 3;
const ROUNDS = 11;

export const bench: Bench = {
  title: "Ingest: from the socket to the disk",
  method:
    "Bodies as the SDK sends them from 64 connections (wrk, one thread), every event with an id of its own and one of 10⁶ visitors; " +
    "the built CLI with `METRICS_DURABILITY=fsync`, every acknowledged event counted on the disk afterwards, against bare `node:http`. " +
    `Ratios of events per CPU-second of the serving process, round by round, ${ROUNDS} rounds of ${ROUND_SECONDS} s in turns: ` +
    "their median, and the middle half of them. p99 as wrk saw it, the median; peak RSS over all rounds of both kinds.",

  async run(say) {
    needWrk();
    say("building …");
    execFileSync("npx", ["tsup", "--no-dts"], { cwd: COLLECTOR, stdio: "ignore" });
    const dataDir = mkdtempSync(join(tmpdir(), "tallymark-bench-"));
    const servers: ServerProcess[] = [];
    const start = async (args: readonly string[], env?: { readonly [name: string]: string }) => {
      const server = await startServer(FIRST_PORT + servers.length, args, env);
      servers.push(server);
      return server;
    };
    try {
      const collector = await start([CLI, "serve"], {
        METRICS_JSONL: join(dataDir, "metrics.jsonl"),
        METRICS_DURABILITY: "fsync",
        LOG_LEVEL: "warn",
      });
      const singles = await compare(say, "single events", 1, collector, await start([BARE]));
      const batches = await compare(say, "batches of 50", BATCH_EVENTS, collector, await start([BARE, "parse"]));
      await checkStored(dataDir, collector, singles.answered + batches.answered, say);
      return [
        {
          what: "single events, fsync before the 202, against bare `node:http` reading the body, per CPU-second",
          limit: "0.45×",
          goal: "0.60×",
          measured: singles.measured,
        },
        {
          what: "batches of 50, fsync before the 202, against the same server doing only JSON.parse, per CPU-second",
          limit: "0.30×",
          goal: "0.50×",
          measured: batches.measured,
        },
        {
          what: "p99 at 64 connections, single events, durable",
          limit: "15 ms",
          goal: "10 ms",
          measured: `${singles.p99Ms.toFixed(1)} ms (bare: ${singles.bareP99Ms.toFixed(1)} ms)`,
        },
        {
          what: "peak RSS at full load, 10⁶ visitors",
          limit: "120 MB",
          goal: "90 MB",
          measured: `${collector.peakMegabytes().toFixed(0)} MB (bare: ${servers[1]?.peakMegabytes().toFixed(0)} MB)`,
        },
      ];
    } finally {
      await Promise.all(servers.map((server) => server.stop()));
      rmSync(dataDir, { recursive: true, force: true });
    }
  },
};

type Say = (line: string) => void;

/** Loads the collector and its peer in turn, and tells what the collector does of the peer's work. */
async function compare(say: Say, what: string, size: number, collector: ServerProcess, bare: ServerProcess) {
  const ours: LoadResult[] = [await load(collector, size, WARM_UP_SECONDS)];
  await load(bare, size, WARM_UP_SECONDS);
  const peers: LoadResult[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    const our = await load(collector, size, ROUND_SECONDS);
    const peer = await load(bare, size, ROUND_SECONDS);
    ours.push(our);
    peers.push(peer);
    const ratio = (our.perCpuSecond / peer.perCpuSecond).toFixed(2);
    say(`${what}, round ${round}: ${thousands(our)} of ${thousands(peer)}, ${ratio}×, p99 ${our.p99Ms.toFixed(1)} ms`);
  }
  const refused = ours.reduce((sum, { refused }) => sum + refused, 0);
  if (refused > 0) throw new Error(`${refused} requests were refused or failed: this run says nothing.`);
  const timed = ours.slice(1);
  const perCpuSecond = median(timed.map(({ perCpuSecond }) => perCpuSecond));
  const peerPerCpuSecond = median(peers.map(({ perCpuSecond }) => perCpuSecond));
  // A machine that others use is slower for both in one round, and faster for both in the next.
  const ratios = timed.map(({ perCpuSecond }, round) => perCpuSecond / (peers[round]?.perCpuSecond ?? Number.NaN));
  const [low, middle, high] = quartiles(ratios).map((ratio) => ratio.toFixed(2));
  return {
    answered: ours.reduce((sum, { answered }) => sum + answered, 0),
    measured: `${middle}× (${low} to ${high}; ${rounded(perCpuSecond)} of ${rounded(peerPerCpuSecond)})`,
    p99Ms: median(timed.map(({ p99Ms }) => p99Ms)),
    bareP99Ms: median(peers.map(({ p99Ms }) => p99Ms)),
  };
}

/** Every acknowledged event is a line; beyond them only requests whose answers wrk did not wait for. */
async function checkStored(dataDir: string, collector: ServerProcess, answered: number, say: Say): Promise<void> {
  const metrics = await (await fetch(`http://127.0.0.1:${collector.port}/metrics`)).text();
  const counted = Number(/^tallymark_events_stored_total (\d+)$/m.exec(metrics)?.[1]);
  let lines = 0;
  for (const name of readdirSync(dataDir).filter((name) => /^metrics-.*\.jsonl$/.test(name))) {
    for await (const chunk of createReadStream(join(dataDir, name))) {
      for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) lines += 1;
    }
  }
  say(`${answered} events acknowledged, ${counted} counted, ${lines} lines on the disk`);
  const unread = (ROUNDS + 1) * CONNECTIONS * (1 + BATCH_EVENTS);
  if (lines !== counted || lines < answered || lines > answered + unread) {
    throw new Error("What was acknowledged and what is on the disk do not agree.");
  }
}

function median(values: readonly number[]): number {
  return quartiles(values)[1];
}

function quartiles(values: readonly number[]): readonly [low: number, middle: number, high: number] {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (part: number) => sorted[Math.floor(part * (values.length - 1))] ?? Number.NaN;
  return [at(0.25), at(0.5), at(0.75)];
}

function thousands({ perCpuSecond }: LoadResult): string {
  return `${rounded(perCpuSecond)}/CPU-s`;
}

function rounded(count: number): string {
  return `${(count / 1000).toFixed(1)} k`;
}
