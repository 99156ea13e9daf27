import { execFile, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { ServerProcess } from "./server-process.ts";

const SCRIPT = fileURLToPath(new URL("peers/events.lua", import.meta.url));

/** Connections of every run. */
export const CONNECTIONS = 64;

/** Every run takes another, so that no event id comes twice. */
let seed = 0;

/** What one run did to a server. */
export interface LoadResult {
  /** Events whose answer arrived. */
  readonly answered: number;
  /** Requests that failed or were refused; must be 0. */
  readonly refused: number;
  /** Events a second of the server's CPU time. */
  readonly perCpuSecond: number;
  readonly p99Ms: number;
}

/** Loads a server from 64 connections for some seconds. */
export async function load(server: ServerProcess, eventsPerRequest: number, seconds: number): Promise<LoadResult> {
  seed += 1;
  const url = `http://127.0.0.1:${server.port}`;
  const args = ["-t1", `-c${CONNECTIONS}`, `-d${seconds}s`, "-s", SCRIPT, url, "--", eventsPerRequest, seed].map(
    String,
  );
  const before = server.cpuSeconds();
  const { stdout } = await promisify(execFile)("wrk", args);
  const cpuSeconds = server.cpuSeconds() - before;
  const { requests, refused, p99Us } = JSON.parse(/^RESULT (.*)$/m.exec(stdout)?.[1] ?? "");
  const answered = requests * eventsPerRequest;
  return { answered, refused, perCpuSecond: answered / cpuSeconds, p99Ms: p99Us / 1000 };
}

/** @throws Error that says where to get wrk, where it is missing */
export function needWrk(): void {
  if (spawnSync("wrk", ["--version"]).error) {
    throw new Error("This benchmark loads the collector with wrk, which is not here. Install it: apt-get install wrk.");
  }
}
