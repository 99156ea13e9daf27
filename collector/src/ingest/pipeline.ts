import type { Device, RejectedEvent, RejectionReason } from "@tallymark/sdk/protocol";
import type { Sink } from "../store/sink.ts";
import type { IngestContext } from "./context.ts";
import { type PreparedEvent, type PrepareOptions, prepareEvent } from "./prepare.ts";
import type { Recent } from "./recent.ts";
import type { SeenIds } from "./seen-ids.ts";
import { escapeLineBreaks, lineEnd, toLine } from "./to-line.ts";
import { type Issue, validateEvent } from "./validate.ts";

export interface PipelineOptions extends PrepareOptions {
  readonly sink: Sink;
  readonly seenIds: SeenIds;
  /** Rate of the collector's own sampling, and its decision for a visitor. */
  readonly sampleRate: number;
  readonly isSampled: (visitorId: string) => boolean;
  readonly readDevice: (userAgent: string) => Device | undefined;
  /** Whether the visitor or session with this id asked to be forgotten. */
  readonly isErased?: (id: string) => boolean;
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
  commit: Promise<string> | undefined;
  /** What the lines say: the journal has to put them into the file of that day, though midnight may have passed. */
  readonly receivedAt: number;
  /** Ids of the accepted events, claimed until they are stored or refused. */
  readonly ids: string[];
  readonly weights: number[];
  readonly isStored: boolean[];
  /** Lines of all accepted events, and of those among them that are to be stored. */
  lines: string;
  storedLines: string;
  stored: number;
  duplicates: number;
  readonly rejected: Outcome["rejected"][number][];
  readonly ignored: Set<string>;
  /** Commits of others that hold ids of this request. */
  readonly othersCommits: (Promise<string> | undefined)[];
  /** Visitors and sessions that were looked up. */
  readonly people: string[];
}

/** The way of an event: validate → prepare → dedupe → sample → sink, and only then the live view and the counters. */
export function createPipeline(options: PipelineOptions): Pipeline {
  const { sink, seenIds, sampleRate, isSampled, readDevice, isErased = () => false, onRecent, onCounts } = options;
  /** Ids on their way to the disk: a retry that overtakes its first try waits for it instead of counting twice. */
  const inFlight = new Map<string, Taken>();

  return ingest;

  function ingest(...[events, context, alsoKnown]: Parameters<Pipeline>): Promise<Outcome> {
    const taken = takeEvents(events, context, alsoKnown);
    if (taken.othersCommits.length === 0) return store(taken);
    release(taken);
    // Another's try goes first: where it fails this request fails whole, before anything of it is stored or counted. What
    // is true after the wait may be another: everything is asked again.
    return Promise.all(taken.othersCommits).then(() => ingest(events, context, alsoKnown));
  }

  /** Reads what is to be stored and claims its ids, all in one turn of the event loop with `store`. */
  function takeEvents(events: readonly unknown[], context: IngestContext, alsoKnown?: ReadonlySet<string>): Taken {
    const taken: Taken = {
      commit: undefined,
      receivedAt: context.receivedAt,
      ids: [],
      weights: [],
      isStored: [],
      lines: "",
      storedLines: "",
      stored: 0,
      duplicates: 0,
      rejected: [],
      ignored: new Set(),
      othersCommits: [],
      people: [],
    };
    const end = lineEnd(new Date(context.receivedAt).toISOString(), readDevice(context.userAgent));
    const forgottenField = createForgottenField(isErased, taken.people);
    try {
      for (let index = 0; index < events.length; index++) {
        const validated = validateEvent(events[index], alsoKnown);
        if (!validated.ok) {
          taken.rejected.push(rejection(index, "schema", validated.issues));
          continue;
        }
        for (const key of validated.ignored) taken.ignored.add(key);
        const prepared = prepareEvent(validated.event, context, options);
        if (!prepared.ok) {
          const { reason, message } = prepared;
          taken.rejected.push(rejection(index, reason, [{ path: "ts", message }]));
          continue;
        }
        const forgotten = forgottenField(prepared.event);
        if (forgotten) {
          const message = "belongs to a visitor who asked to be forgotten";
          taken.rejected.push(rejection(index, "erased", [{ path: forgotten, message }]));
          continue;
        }
        takeEvent(taken, prepared.event, end);
      }
    } catch (error) {
      release(taken);
      throw error;
    }
    return taken;
  }

  function takeEvent(taken: Taken, event: PreparedEvent, end: string): void {
    const claimed = inFlight.get(event.id);
    if (claimed !== undefined && claimed !== taken) {
      taken.othersCommits.push(claimed.commit);
      return;
    }
    if (claimed === taken || seenIds.has(event.id)) {
      taken.duplicates += 1;
      return;
    }
    inFlight.set(event.id, taken);
    taken.ids.push(event.id);
    taken.weights.push(1 / event.sample_rate);
    const isStored = isSampled(event.visitor_id);
    taken.isStored.push(isStored);
    const line = toLine(event, event.sample_rate * sampleRate, end);
    taken.lines += line;
    if (!isStored) return;
    taken.storedLines += line;
    taken.stored += 1;
  }

  async function store(taken: Taken): Promise<Outcome> {
    const { ids, stored, duplicates, rejected } = taken;
    const accepted = ids.length;
    taken.lines = escapeLineBreaks(taken.lines);
    taken.storedLines = stored === accepted ? taken.lines : escapeLineBreaks(taken.storedLines);
    try {
      if (stored > 0) taken.commit = sink.append(taken.storedLines, stored, taken.receivedAt);
      const file = taken.commit ? await taken.commit : (sink.file ?? "");
      for (const id of ids) seenIds.add(id);
      if (onRecent) showRecent(taken, onRecent);
      onCounts?.({ accepted, stored, duplicates, rejected: countReasons(rejected) });
      return { accepted, stored, duplicates, rejected, file, ignored: [...taken.ignored] };
    } finally {
      release(taken);
    }
  }

  function showRecent({ lines, weights, isStored, people }: Taken, onRecent: (recent: Recent) => void): void {
    const hasForgotten = people.some((id) => isErased(id));
    let start = 0;
    for (let index = 0; index < weights.length; index++) {
      const end = lines.indexOf("\n", start) + 1;
      const line = lines.slice(start, end);
      start = end;
      // Who asked while this was on its way to the disk is not shown: the ring was cleaned before it came.
      if (hasForgotten && createForgottenField(isErased)(JSON.parse(line))) continue;
      onRecent({ line, weight: weights[index] ?? 1, stored: isStored[index] ?? false });
    }
  }

  function release({ ids }: Taken): void {
    for (const id of ids) inFlight.delete(id);
  }
}

/**
 * Which field names somebody who asked to be forgotten. The events of a request are nearly always one visitor's, and a
 * look takes a keyed hash: the same visitor is not looked up twice in a row.
 * @param people everybody who is looked up is added to them
 */
function createForgottenField(isErased: (id: string) => boolean, people: string[] = []) {
  let visitorId: string | undefined;
  let sessionId: string | undefined;
  let field: "visitor_id" | "session_id" | undefined;

  return function forgottenField(event: Pick<PreparedEvent, "visitor_id" | "session_id">) {
    if (event.visitor_id === visitorId && event.session_id === sessionId) return field;
    visitorId = event.visitor_id;
    sessionId = event.session_id;
    people.push(visitorId);
    if (sessionId !== undefined) people.push(sessionId);
    if (isErased(visitorId)) field = "visitor_id";
    else field = sessionId !== undefined && isErased(sessionId) ? "session_id" : undefined;
    return field;
  };
}

function rejection(index: number, reason: RejectionReason, issues: readonly Issue[]): Outcome["rejected"][number] {
  const detail = issues.map(({ path, message }) => (path ? `${path} ${message}` : message)).join("; ");
  return { index, reason, detail, issues };
}

function countReasons(rejected: readonly RejectedEvent[]): IngestCounts["rejected"] {
  const counts: { [reason in RejectionReason]?: number } = {};
  for (const { reason } of rejected) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}
