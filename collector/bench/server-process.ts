import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";

/** Linux counts CPU time of processes in hundredths of a second, on every machine in use. */
const TICKS_PER_SECOND = 100;

const START_TIMEOUT_MS = 20_000;

/** A server that is measured from outside. */
export interface ServerProcess {
  readonly port: number;
  /** User and system time it has used so far, in s, all threads. */
  cpuSeconds(): number;
  /** The most memory it ever held, in MB (VmHWM). */
  peakMegabytes(): number;
  stop(): Promise<void>;
}

/**
 * Starts a Node program that listens on `PORT`; resolves once it answers.
 * @param args the program and its arguments
 */
export async function startServer(
  port: number,
  args: readonly string[],
  env: { readonly [name: string]: string } = {},
): Promise<ServerProcess> {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, NODE_ENV: "production", PORT: String(port), ...env },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const exited = once(child, "exit");
  await untilAnswered(port, child);
  const { pid } = child;

  return {
    port,
    cpuSeconds() {
      // proc(5): the fields behind the name, which may hold blanks, start with the third.
      const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
        .replace(/^.*\) /s, "")
        .split(" ");
      return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
    },
    peakMegabytes() {
      const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
      return Number(kilobytes) / 1024;
    },
    async stop() {
      child.kill("SIGTERM");
      await exited;
    },
  };
}

async function untilAnswered(port: number, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline && child.exitCode === null) {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
    await answer?.arrayBuffer();
    if (answer) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  child.kill("SIGKILL");
  throw new Error(`The server on port ${port} did not start.`);
}
