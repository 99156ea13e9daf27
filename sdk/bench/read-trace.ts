import type { Frame, TraceEvent } from "./trace-event.ts";

/** What a trace says of one script and the page round it. Times are what the thread has worked, in ms. */
export interface Findings {
  /** Evaluation of the script, with all that it starts. */
  readonly startMs: number;
  /** The most that each had of one task, and that one `beacon` alone had: one file, for a beacon is one. */
  readonly mostMs: { readonly [owner in Owner | "beacon"]: number };
  /** The longest call of each function that is not the client's. */
  readonly longest: ReadonlyMap<string, number>;
  /** Who had the browser compute styles or layout at once, an entry for each time. */
  readonly layouts: readonly string[];
  /** How often the browser called one of our functions. */
  readonly calls: number;
  /** The longest task of all, whose ever it is. */
  readonly taskMs: number;
}

/**
 * Whose a call is, by the function that the browser calls: what a beacon or the web-vitals library tracks is in theirs. The
 * `client` makes events ready, and sends.
 */
export type Owner = "beacons" | "library" | "client";

/** A call of one of our functions by the browser, less what is not ours in it. */
interface Work {
  readonly task: number;
  readonly by: string;
  readonly owner: Owner;
  ms: number;
}

/** A call that has not ended where the reading is. */
interface Call {
  readonly endsAt: number;
  /** Nothing where it is not ours. */
  readonly work?: Work | undefined;
}

/**
 * What is the page's though a function of ours has it done: its functions, and garbage collections. Nearly all the garbage
 * is the page's, and whose call makes the next object when it is enough is chance. V8 also collects bit by bit, outside of
 * what it calls a collection.
 *
 * Calls within another are in the trace only where an event of a node makes them: see `apps/busy-page.ts`.
 */
const NOT_OURS = /^(FunctionCall|EventDispatch|MajorGC|MinorGC|V8\.GC_.*)$/;

/**
 * Reads a trace. What a function of ours calls of the page is the page's, as is the garbage collected meanwhile; promise
 * callbacks are of whoever had the task last, for the page has next to none.
 * @param url of our script
 * @param source of our script, not minified: there a comment says from which file each part is
 */
export function readTrace(trace: readonly TraceEvent[], url: string, source: string): Findings {
  const works: Work[] = [];
  const layouts: string[] = [];
  let open: Call[] = [];
  let task = 0;
  let taskMs = 0;
  let startMs = 0;
  let calls = 0;

  for (const { name, ts, dur = 0, tdur = 0, args } of ofMainThread(trace, new URL(url).origin)) {
    const ms = tdur / 1000;
    const isOurs = args.data?.url === url;
    open = open.filter(({ endsAt }) => endsAt > ts);
    const outer = open.at(-1)?.work;
    let by: string | undefined;

    if (name === "RunTask") {
      task++;
      taskMs = Math.max(taskMs, ms);
    } else if (name === "EvaluateScript" && isOurs) {
      startMs += ms;
    } else if (name === "Layout" || name === "UpdateLayoutTree") {
      const [caller] = args.beginData?.stackTrace ?? [];
      if (caller?.url === url) layouts.push(`${name} by ${describePlace(caller, source)}`);
    } else if (name === "RunMicrotasks") {
      const last = works.at(-1);
      by = last?.task === task ? last.by : "src/core/: promises";
    } else if (name === "FunctionCall" && isOurs) {
      by = describePlace(args.data as Frame, source);
      calls++;
    }

    if (!by && !NOT_OURS.test(name)) continue;
    const work = by ? (outer ?? { task, by, owner: ownerOf(by), ms }) : undefined;
    if (work && !outer) works.push(work);
    if (outer && !work) outer.ms -= ms;
    open.push({ endsAt: ts + dur, work });
  }

  const ofOwner = (owner: Owner) => works.filter((work) => work.owner === owner);
  return {
    startMs,
    mostMs: {
      beacon: Math.max(0, ...byFile(ofOwner("beacons")).map(mostOfTask)),
      beacons: mostOfTask(ofOwner("beacons")),
      library: mostOfTask(ofOwner("library")),
      client: mostOfTask(ofOwner("client")),
    },
    longest: largest(works.filter(({ owner }) => owner !== "client").map(({ by, ms }) => [by, ms])),
    layouts,
    calls,
    taskMs,
  };
}

function ownerOf(place: string): Owner {
  if (place.startsWith("web-vitals/")) return "library";
  // Not the lifecycle, which calls the beacons.
  return /^src\/core\/(?!lifecycle)/.test(place) ? "client" : "beacons";
}

function byFile(works: readonly Work[]): Work[][] {
  const files = new Map<string, Work[]>();
  for (const work of works) {
    const [file = ""] = work.by.split(":");
    files.set(file, [...(files.get(file) ?? []), work]);
  }
  return [...files.values()];
}

function mostOfTask(works: readonly Work[]): number {
  const sums = new Map<number, number>();
  for (const { task, ms } of works) sums.set(task, (sums.get(task) ?? 0) + ms);
  return Math.max(0, ...sums.values());
}

/** The largest value of each name. */
function largest(values: readonly (readonly [string, number])[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const [name, value] of values) found.set(name, Math.max(value, found.get(name) ?? 0));
  return found;
}

/** What the page's main thread did, in order, the outer before the inner. */
function ofMainThread(trace: readonly TraceEvent[], origin: string): TraceEvent[] {
  const script = trace.find(({ args }) => args.data?.url?.startsWith(origin));
  return trace
    .filter(({ ph, pid, tid }) => ph === "X" && pid === script?.pid && tid === script.tid)
    .sort((one, other) => one.ts - other.ts || (other.dur ?? 0) - (one.dur ?? 0));
}

/** Such as `src/core/capture.ts: capture`; where the function has no name, its first line. */
function describePlace({ functionName, lineNumber }: Frame, source: string): string {
  const lines = source.split("\n").slice(0, lineNumber);
  const comment = lines.filter((line) => /^\s*\/\/ \S+\.[jt]s$/.test(line)).pop();
  return `${comment?.replace(/^\s*\/\/ (.*node_modules\/)?/, "")}: ${functionName || lines.pop()?.trim()}`;
}
