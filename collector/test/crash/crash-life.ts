import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { Agent } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../collector-process.ts";
import { send, sendUntilBroken } from "./crash-client.ts";
import * as folder from "./crash-folder.ts";
import { type Spawned, spawnCollector } from "./spawn-collector.ts";

const CONNECTIONS = 64;

/** A step that has not come after this time is not waited for. */
const STEP_PATIENCE_MS = 1500;

/** A midnight comes so long after a start. */
const MIDNIGHT_MS = 700;

/** A step of which the process dies; `undefined` for a signal at a random moment. */
export interface Kill {
  readonly step: string;
  readonly nth: number;
  readonly death: string;
}

export interface LifeReport {
  readonly acknowledged: number;
  readonly stored: number;
  /** Acknowledged, or there before and not too old, and not found. */
  readonly lost: readonly string[];
  /** Found more than once. */
  readonly doubled: readonly string[];
  /** Anything else that must not be, in words. */
  readonly faults: readonly string[];
  /** Of each start after a kill, in ms. */
  readonly restartsMs: readonly number[];
  /** How many died at the step they were meant to, rather than by a signal later. */
  readonly diedAtStep: number;
}

/**
 * The life of one data folder: a collector is started, loaded and killed, again and again; at the end one is left to finish
 * what they began, and every promise is held against the files. Each day is one run long; each run finds files to
 * compress, to expire and to delete, and is asked to erase a visitor.
 */
export async function liveThrough(
  program: string,
  name: string,
  kills: readonly (Kill | undefined)[],
  onRun: (line: string) => void,
): Promise<LifeReport> {
  const root = mkdtempSync(join(tmpdir(), "tallymark-crash-"));
  const dataDir = join(root, "data");
  const port = await freePort();
  const victims = kills.map((_, n) => `victim-of-${name}-${n}-0123456789abcdef`);
  /** Ids of lines that lay there before. */
  const old: string[] = [];
  const acknowledged: string[] = [];
  const restartsMs: number[] = [];
  let unanswered: readonly string[] = [];
  let diedAtStep = 0;
  try {
    for (const [n, kill] of kills.entries()) {
      old.push(...folder.addOldFiles(dataDir, n, victims));
      restartMachine(dataDir);
      const collector = await spawnCollector(program, port, { ...settings(dataDir, n), ...killSettings(kill) });
      const load = await loadUntilKilled(collector, n, kill);
      acknowledged.push(...load.acknowledged);
      unanswered = load.unanswered;
      if (collector.readyMs !== undefined && n > 0) restartsMs.push(collector.readyMs);
      if (load.isByItself) diedAtStep += 1;
      const how = kill ? `${kill.death} ${kill.step}, ${kill.nth}.` : "at a random moment";
      onRun(
        `${name}/${n} ${how}${load.isByItself || !kill ? "" : " (did not come)"}: ${load.acknowledged.length} acknowledged`,
      );
    }
    const faults = await finish();
    const compared = compare(dataDir, [...old, ...acknowledged]);
    const report = { ...compared, acknowledged: acknowledged.length, restartsMs, diedAtStep };
    return { ...report, faults: [...faults, ...faultsOf()] };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }

  /** Loads it until it dies, by itself or by a signal, and asks it to erase a visitor meanwhile. */
  async function loadUntilKilled(collector: Spawned, n: number, kill: Kill | undefined) {
    if (collector.readyMs === undefined) {
      if (collector.exitCode() !== null) throw new Error(`the collector did not start:\n${collector.output()}`);
      return { acknowledged: [], unanswered, isByItself: true };
    }
    const victim = victims[n] ?? "";
    let isByItself = true;
    const patience = setTimeout(
      () => {
        isByItself = false;
        collector.kill("SIGKILL");
      },
      kill ? STEP_PATIENCE_MS : 100 + Math.random() * 1200,
    );
    const [load] = await Promise.all([
      sendUntilBroken(collector.url, { name: `${name}-${n}`, resend: unanswered, connections: CONNECTIONS, victim }),
      new Promise((resolve) => setTimeout(resolve, 100)).then(() => erase(collector.url, victim)),
      collector.exited,
    ]);
    clearTimeout(patience);
    if (collector.exitCode() !== null) throw new Error(`the collector ended by itself:\n${collector.output()}`);
    return { ...load, isByItself };
  }

  /** Starts once more, lets it finish everything, and stops it. */
  async function finish(): Promise<string[]> {
    restartMachine(dataDir);
    const collector = await spawnCollector(program, port, settings(dataDir, kills.length));
    if (collector.readyMs === undefined) return [`the last start failed: ${collector.output()}`];
    restartsMs.push(collector.readyMs);
    const faults: string[] = [];
    const agent = new Agent({ keepAlive: true });
    for (let first = 0; first < unanswered.length; first += 100) {
      const ids = unanswered.slice(first, first + 100);
      const events = ids.map((id) => ({ event: "crash_test", visitor_id: "late", id }));
      if ((await send(agent, "POST", `${collector.url}/api/metrics/events`, { events })) !== 202) continue;
      acknowledged.push(...ids);
    }
    agent.destroy();
    for (const victim of victims) {
      if (!(await untilTrue(async () => (await erase(collector.url, victim)) === 200)))
        faults.push(`an erasure never ends: ${collector.output()}`);
    }
    if (!(await untilTrue(async () => folder.isRotated(dataDir))))
      faults.push(`the rotation never ends: ${collector.output()}`);
    collector.kill("SIGTERM");
    await collector.exited;
    if (collector.exitCode() !== 0) faults.push(`it stopped with ${collector.exitCode()}: ${collector.output()}`);
    return faults;
  }

  function faultsOf(): string[] {
    const lines = folder.readStored(dataDir);
    const misplaced = lines.filter(({ file, receivedAt }) => !file.includes(receivedAt.slice(0, 10)));
    const days = misplaced.map(({ file, receivedAt }) => `${file} holds an event of ${receivedAt}`);
    const expired = lines.filter(({ event, id }) => event === folder.SHORT_LIVED || id.startsWith("expired"));
    const old = expired.map(({ id, file }) => `${id} is in ${file}, though its time is up`);
    const strangers = folder.strangers(dataDir).map((file) => `a file that nobody knows: ${file}`);
    const found = victims.flatMap((victim) =>
      folder.filesWith(dataDir, victim).map((file) => `${victim} is in ${file}`),
    );
    return [...strangers, ...found, ...days, ...old];
  }
}

const settings = (dataDir: string, n: number) => ({
  METRICS_JSONL: join(dataDir, "metrics.jsonl"),
  METRICS_MAX_MB: "0.2",
  METRICS_ROTATE_INTERVAL: "1",
  METRICS_GZIP_AFTER_DAYS: "0",
  METRICS_RETENTION_DAYS: String(folder.RETENTION_DAYS),
  METRICS_TTL: `${folder.SHORT_LIVED}=${folder.SHORT_LIVED_DAYS}d`,
  CRASH_DAYS: String(n),
  CRASH_MIDNIGHT_MS: String(MIDNIGHT_MS),
});

const killSettings = (kill: Kill | undefined) =>
  kill ? { CRASH_STEP: kill.step, CRASH_NTH: String(kill.nth), CRASH_DEATH: kill.death } : undefined;

/** The rotator believes a new day only of a machine that was started again; we have no days to wait. */
function restartMachine(dataDir: string): void {
  rmSync(join(dataDir, ".tallymark/clock.json"), { force: true });
}

/** @returns the status: 200 when it is done, 202 while it is under way, 0 where the connection broke */
function erase(url: string, victim: string): Promise<number> {
  return send(undefined, "DELETE", `${url}/api/metrics/visitors/${victim}`);
}

function compare(dataDir: string, promised: readonly string[]) {
  const lines = folder.readStored(dataDir);
  const stored = lines.map(({ id }) => id);
  const found = new Set(stored);
  return {
    stored: stored.length,
    lost: promised.filter((id) => !found.has(id)),
    doubled: found.size === stored.length ? [] : stored.filter((id) => !found.delete(id)),
  };
}

async function untilTrue(isTrue: () => Promise<boolean>): Promise<boolean> {
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; ) {
    if (await isTrue()) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

/** Runs a collector that is not killed, and tells which steps it took, and how often. */
export async function recordLife(program: string): Promise<(readonly [step: string, times: number])[]> {
  const root = mkdtempSync(join(tmpdir(), "tallymark-crash-"));
  const dataDir = join(root, "data");
  const stepsFile = join(root, "steps.json");
  try {
    const victim = "victim-of-nothing-0123456789abcdef";
    folder.addOldFiles(dataDir, 0, [victim]);
    const env = { ...settings(dataDir, 0), CRASH_STEPS_FILE: stepsFile };
    const collector = await spawnCollector(program, await freePort(), env);
    setTimeout(() => collector.kill("SIGTERM"), STEP_PATIENCE_MS);
    const loading = sendUntilBroken(collector.url, { name: "r", resend: [], connections: CONNECTIONS, victim });
    await erase(collector.url, victim);
    await Promise.all([loading, collector.exited]);
    return JSON.parse(readFileSync(stepsFile, "utf8"));
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
