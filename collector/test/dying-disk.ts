import { AsyncLocalStorage } from "node:async_hooks";
import { type FileHandle, rename } from "node:fs/promises";
import { type ListenOptions, Server } from "node:net";
import { setTimeout } from "node:timers/promises";
import { onTestFinished } from "vitest";
import {
  canBeHalf,
  closeForReal,
  type DiskCall,
  halfOf,
  interceptDisk,
  nameOf,
  type Proceed,
} from "./intercept-disk.ts";

/**
 * Lets code die at any call of the file system, in process, as a `kill -9` would end it there: the call is not made, is
 * made by half, or is made and never answered; every later call of that run fails, so that no cleanup can mend anything.
 *
 *     const steps = await dieAtEveryStep({
 *       prepare: async () => folderWithAClosedFile(),
 *       run: (dataDir) => gzipFile(join(dataDir, NAME)),
 *       check: async (dataDir) => { await gzipFile(…); expect(readDataFolder(dataDir))… },
 *     });
 *     expect(steps).toContain("rename metrics-2026-11-20.jsonl.gz.….tmp → metrics-2026-11-20.jsonl.gz");
 *
 * Call these from a test's body. One run at a time.
 * @module
 */

/** What is thrown by every call of a run that is dead. Code must not tell it from an error of the disk. */
export class Died extends Error {
  override readonly name = "Died";
  readonly code = "EIO";
}

/** How a run ends at a step: the step is not done, done by half (only what writes bytes), or done. */
export type Death = "before" | "half" | "after";

/** Of one run. Whatever it says after its death was heard by nobody: look here before you count a promise as kept. */
export interface Life {
  readonly isDead: boolean;
}

export type Run = (life: Life) => Promise<unknown>;

interface Process {
  isDead: boolean;
  readonly steps: string[];
  readonly handles: Set<FileHandle>;
  /** Unix sockets it listens on: a lock is held so. */
  readonly servers: Set<Server>;
  readonly underWay: Set<Promise<unknown>>;
  readonly dieAt: number;
  readonly death: Death;
  /** Called at the death. */
  readonly onDeath: () => void;
}

/** Which run a call belongs to: also timers and background work that outlive it must find their disk dead. */
const processes = new AsyncLocalStorage<Process>();
let running: Process | undefined;
let isIntercepted = false;

/** How long a run may take to notice that it is dead. */
const SETTLE_MS = 1000;

/** Runs to the end and names every call that changes something, in order. */
export async function recordSteps(run: Run): Promise<readonly string[]> {
  const { steps } = await live(Number.POSITIVE_INFINITY, "before", run);
  return steps;
}

/**
 * Runs until the step with this index (of `recordSteps`).
 * @returns the step it died at, `undefined` where it came to its end first
 * @throws what the run throws while it lives
 */
export async function dieAt(step: number, death: Death, run: Run): Promise<string | undefined> {
  const { isDead, steps } = await live(step, death, run);
  return isDead ? steps[step] : undefined;
}

export interface EveryDeath<Fixture> {
  /** What one run starts from, such as a fresh data folder. */
  prepare(): Promise<Fixture>;
  run(fixture: Fixture, life: Life): Promise<unknown>;
  /** With a disk that works again: starts anew and checks what must be true whatever happened. */
  check(fixture: Fixture, died: string): Promise<void>;
  /** Steps that are not tried, such as those of a part that has a test of its own. */
  isTestedElsewhere?(step: string): boolean;
}

/** Dies at every step in every way, and checks each time. A failed check says at which. Returns the steps. */
export async function dieAtEveryStep<Fixture>(test: EveryDeath<Fixture>): Promise<readonly string[]> {
  const whole = await test.prepare();
  const steps = await recordSteps((life) => test.run(whole, life));
  await checkAfter("nothing", whole);
  for (const [step, name] of steps.entries()) {
    if (test.isTestedElsewhere?.(name)) continue;
    for (const death of deathsAt(name)) {
      const fixture = await test.prepare();
      const diedAt = await dieAt(step, death, (life) => test.run(fixture, life));
      await checkAfter(`${death} step ${step + 1} of ${steps.length}, ${diedAt ?? "which did not come"}`, fixture);
    }
  }
  return steps;

  async function checkAfter(died: string, fixture: Fixture): Promise<void> {
    try {
      await test.check(fixture, died);
    } catch (error) {
      if (error instanceof Error) error.message = `having died ${died}: ${error.message}`;
      throw error;
    }
  }
}

function deathsAt(step: string): readonly Death[] {
  return canBeHalf(step) ? ["before", "half", "after"] : ["before", "after"];
}

async function live(dieAt: number, death: Death, run: Run): Promise<Process> {
  if (running) throw new Error("a run is under way: they cannot be told apart where a call has lost its context");
  if (!isIntercepted) intercept();
  let onDeath = () => {};
  const died = new Promise<void>((resolve) => {
    onDeath = resolve;
  });
  const process: Process = {
    isDead: false,
    steps: [],
    handles: new Set(),
    servers: new Set(),
    underWay: new Set(),
    dieAt,
    death,
    onDeath,
  };
  running = process;
  try {
    const ended = processes.run(process, async () => run(process));
    const dead = died.then(() =>
      Promise.race([ended.catch(() => {}), setTimeout(SETTLE_MS, undefined, { ref: false })]),
    );
    await Promise.race([ended, dead]);
  } catch (error) {
    if (!process.isDead) throw error;
  } finally {
    if (process.isDead) await bury(process);
    running = undefined;
  }
  return process;
}

/** The kernel finishes what it has begun, and closes what is open. */
async function bury({ underWay, handles, servers }: Process): Promise<void> {
  await Promise.allSettled(underWay);
  await Promise.allSettled([...handles].map(closeForReal));
  for (const server of servers) await closeSocket(server);
}

/** Node removes the socket of a server that it closes; the kernel does not, so it is put aside meanwhile. */
async function closeSocket(server: Server): Promise<void> {
  const path = server.address();
  if (typeof path !== "string") return;
  const isAside = await rename(path, `${path}.aside`).then(
    () => true,
    () => false,
  );
  await new Promise((resolve) => server.close(resolve));
  if (isAside) await rename(`${path}.aside`, path);
}

function intercept(): void {
  isIntercepted = true;
  const undo = interceptDisk((call, proceed) => {
    const process = processes.getStore() ?? running;
    return process ? callOf(process, call, proceed) : proceed();
  });
  const { listen } = Server.prototype;
  Server.prototype.listen = function listenAsProcess(this: Server, ...args: unknown[]) {
    const [options] = args as [ListenOptions | undefined];
    if (options?.path !== undefined) (processes.getStore() ?? running)?.servers.add(this);
    return Reflect.apply(listen, this, args);
  };
  onTestFinished(() => {
    undo();
    Server.prototype.listen = listen;
    isIntercepted = false;
  });
}

async function callOf(process: Process, call: DiskCall, proceed: Proceed): Promise<unknown> {
  if (process.isDead) throw new Died("the process is gone");
  if (!call.isChange) return finish(process, call, proceed());
  const step = process.steps.push(nameOf(call)) - 1;
  if (step !== process.dieAt) return finish(process, call, proceed());
  process.isDead = true;
  try {
    if (process.death === "half") await finish(process, call, proceed(halfOf(call)));
    if (process.death === "after") await finish(process, call, proceed());
  } finally {
    process.onDeath();
  }
  throw new Died(`died ${process.death} ${nameOf(call)}`);
}

/** Waits for a call that is made; its answer is not heard where the process has died meanwhile. */
async function finish(process: Process, { method, handle }: DiskCall, made: Promise<unknown>): Promise<unknown> {
  process.underWay.add(made);
  try {
    const result = await made;
    if (method === "open") process.handles.add(result as FileHandle);
    if (method === "close" && handle) process.handles.delete(handle);
    if (process.isDead) throw new Died("the process is gone");
    return result;
  } finally {
    process.underWay.delete(made);
  }
}
