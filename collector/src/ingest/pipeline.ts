import type { Device, RejectedEvent, RejectionReason } from "@tallymark/sdk/protocol";
import { findIds } from "../segments/find-ids.ts";
import type { Sink } from "../store/sink.ts";
import { type CommitInFlight, createFindCommit } from "./commit-in-flight.ts";
import type { IngestContext } from "./context.ts";
import { createForgottenField, type ErasedPeople, NOBODY } from "./erased-people.ts";
import { createLineMemory } from "./line-memory.ts";
import { type PreparedEvent, type PrepareOptions, prepareEvent } from "./prepare.ts";
import { type Recent, weightedEvent } from "./recent.ts";
import type { SeenIds } from "./seen-ids.ts";
import { createRequestFields, escapeLineBreaks, toLine } from "./to-line.ts";
import { type Issue, validateEvent } from "./validate.ts";

export interface PipelineOptions extends PrepareOptions {
  readonly sink: Sink;
  readonly seenIds: SeenIds;
  /** Rate of the collector's own sampling, and its decision for a visitor. */
  readonly sampleRate: number;
  readonly isSampled: (visitorId: string) => boolean;
  readonly readDevice: (userAgent: string) => Device | undefined;
  readonly erased?: ErasedPeople;
  /** Every accepted event, stored or not, after it is safe. */
  readonly onRecent?: (recent: Recent) => void;
  readonly onCounts?: (counts: IngestCounts) => void;
}

/** received = accepted + rejected + duplicates; accepted = stored + sampled out. */
export interface IngestCounts {
  readonly accepted: number;
  readonly stored: number;
  readonly duplicates: number;
  readonly rejected: { readonly [reason in RejectionReason]?: number };
}

export interface Outcome {
  readonly accepted: number;
  readonly stored: number;
  readonly duplicates: number;
  readonly rejected: readonly (RejectedEvent & { readonly issues: readonly Issue[] })[];
  /** Bare name of the file. */
  readonly file: string;
  /** Top-level keys that were not known. */
  readonly ignored: readonly string[];
}

/** Takes the parsed events of one request; resolves once whatever was accepted is stored, rejects if nothing was. */
export type Pipeline = (
  events: readonly unknown[],
  context: IngestContext,
  alsoKnown?: ReadonlySet<string>,
) => Promise<Outcome>;

/** A request on its way to the disk. What was parsed is gone by then: no more than this outlives the turn. */
interface Taken {
  /** What the lines say: the journal has to put them into the file of that day, though midnight may have passed. */
  readonly receivedAt: number;
  /** Lines of all accepted events, and of those among them that are to be stored. */
  lines: Buffer;
  storedLines: Buffer;
  stored: number;
  /** Of every accepted event. */
  readonly weights: number[];
  readonly isStored: boolean[];
  duplicates: number;
  readonly rejected: Outcome["rejected"][number][];
  readonly ignored: string[];
  /** Commits of others that hold ids of this request. */
  readonly othersCommits: Promise<string>[];
  /** `wishes` when these people were looked up. */
  readonly wishes: number;
}

/** The way of an event: validate → prepare → dedupe → sample → sink, and only then the live view and the counters. */
export function createPipeline(options: PipelineOptions): Pipeline {
  const { sink, seenIds, sampleRate, isSampled, readDevice, erased = NOBODY, onRecent, onCounts } = options;
  /**
   * A retry that overtakes its first try waits for it instead of counting twice. Not a Map by id: what passes through one
   * in numbers outlives V8's young generation with it, and that cost a fifth of the processor.
   */
  const inFlight: CommitInFlight[] = [];
  const memory = createLineMemory();
  const requestFields = createRequestFields();

  return ingest;

  function ingest(...[events, context, alsoKnown]: Parameters<Pipeline>): Promise<Outcome> {
    const taken = takeEvents(events, context, alsoKnown);
    if (taken.othersCommits.length === 0) return store(taken);
    disown(taken.lines);
    release(taken);
    // Another's try goes first: where it fails this request fails whole, before anything of it is stored or counted. What
    // is true after the wait may be another: everything is asked again.
    return Promise.all(taken.othersCommits).then(() => ingest(events, context, alsoKnown));
  }

  /** Reads what is to be stored and claims its ids, all in one turn of the event loop with `store`. */
  function takeEvents(events: readonly unknown[], context: IngestContext, alsoKnown?: ReadonlySet<string>): Taken {
    const taken: Taken = {
      receivedAt: context.receivedAt,
      lines: NO_LINES,
      storedLines: NO_LINES,
      stored: 0,
      weights: [],
      isStored: [],
      duplicates: 0,
      rejected: [],
      ignored: [],
      othersCommits: [],
      wishes: erased.wishes,
    };
    const { hasNoEscapes = false } = context;
    const fields = requestFields(context.receivedAt, readDevice(context.userAgent));
    const forgottenField = createForgottenField(erased);
    const findCommit = createFindCommit(inFlight);
    let lines = "";
    let storedLines = "";
    try {
      for (let index = 0; index < events.length; index++) {
        const event = takeEvent(events[index], index);
        if (!event) continue;
        const isStored = isSampled(event.visitor_id);
        const line = toLine(event, event.sample_rate * sampleRate, fields, hasNoEscapes);
        if (!seenIds.add(event.id)) {
          const other = findCommit(event.id);
          if (other) taken.othersCommits.push(other.stored);
          else taken.duplicates += 1;
          continue;
        }
        lines += line;
        taken.weights.push(1 / event.sample_rate);
        taken.isStored.push(isStored);
        if (!isStored) continue;
        storedLines += line;
        taken.stored += 1;
      }
    } catch (error) {
      disown(Buffer.from(lines));
      throw error;
    }
    taken.lines = bytesOf(lines);
    taken.storedLines = taken.stored === taken.weights.length ? taken.lines : bytesOf(storedLines);
    return taken;

    /** @returns what may be stored of it; `undefined` where it was rejected */
    function takeEvent(input: unknown, index: number): PreparedEvent | undefined {
      const validated = validateEvent(input, alsoKnown);
      if (!validated.ok) return reject(index, "schema", validated.issues);
      for (const key of validated.ignored) taken.ignored.push(key);
      const prepared = prepareEvent(validated.event, context, options);
      if (!prepared.ok) return reject(index, prepared.reason, [{ path: "ts", message: prepared.message }]);
      const forgotten = forgottenField(prepared.event);
      if (!forgotten) return prepared.event;
      return reject(index, "erased", [{ path: forgotten, message: "belongs to a visitor who asked to be forgotten" }]);
    }

    function reject(index: number, reason: RejectionReason, issues: readonly Issue[]): undefined {
      taken.rejected.push(rejection(index, reason, issues));
    }
  }

  async function store(taken: Taken): Promise<Outcome> {
    const { lines, storedLines, stored, weights, duplicates, rejected, ignored } = taken;
    try {
      let file = sink.file ?? "";
      if (stored > 0) {
        const commit = { lines, stored: sink.append(storedLines, stored, taken.receivedAt) };
        inFlight.push(commit);
        try {
          file = await commit.stored;
        } catch (error) {
          disown(lines);
          throw error;
        } finally {
          // The journal settles in the order it was given them: it is the first, or nearly.
          inFlight.splice(inFlight.indexOf(commit), 1);
        }
      }
      if (onRecent) showRecent(taken, onRecent);
      const accepted = weights.length;
      onCounts?.({ accepted, stored, duplicates, rejected: countReasons(rejected) });
      return { accepted, stored, duplicates, rejected, file, ignored: distinct(ignored) };
    } finally {
      release(taken);
    }
  }

  function showRecent({ weights, isStored, wishes, ...taken }: Taken, onRecent: (recent: Recent) => void): void {
    const lines = taken.lines.toString("latin1");
    let start = 0;
    for (let index = 0; index < weights.length; index++) {
      const end = lines.indexOf("\n", start) + 1;
      const recent: Recent = { lines, start, end, weight: weights[index] ?? 1, stored: isStored[index] ?? false };
      start = end;
      // Who asked while this was on its way to the disk is not shown: the ring was cleaned before it came.
      if (wishes !== erased.wishes && createForgottenField(erased)(weightedEvent(recent).event)) continue;
      onRecent(recent);
    }
  }

  function release({ lines, storedLines }: Taken): void {
    memory.release(lines);
    if (storedLines !== lines) memory.release(storedLines);
  }

  function bytesOf(lines: string): Buffer {
    if (lines === "") return NO_LINES;
    const bytes = memory.write(lines);
    // A byte for every character: all of it is ASCII, and what would have to be escaped is not.
    const escaped = bytes.length === lines.length ? lines : escapeLineBreaks(lines);
    if (escaped === lines) return bytes;
    memory.release(bytes);
    return memory.write(escaped);
  }

  /** Nothing of these lines was stored: their ids may come again. */
  function disown(lines: Buffer): void {
    findIds(lines, seenIds.delete);
  }
}

const NO_LINES = Buffer.alloc(0);

function rejection(index: number, reason: RejectionReason, issues: readonly Issue[]): Outcome["rejected"][number] {
  const detail = issues.map(({ path, message }) => (path ? `${path} ${message}` : message)).join("; ");
  return { index, reason, detail, issues };
}

function distinct(names: readonly string[]): readonly string[] {
  return names.length > 1 ? [...new Set(names)] : names;
}

function countReasons(rejected: readonly RejectedEvent[]): IngestCounts["rejected"] {
  const counts: { [reason in RejectionReason]?: number } = {};
  for (const { reason } of rejected) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}
