import type { RecentEvent, RejectedEvent, RejectionReason, StoredEvent } from "@tallymark/sdk/protocol";
import type { Sink } from "../store/sink.ts";
import type { IngestContext } from "./context.ts";
import { type PrepareOptions, prepareEvent } from "./prepare.ts";
import type { SeenIds } from "./seen-ids.ts";
import { toLine } from "./to-line.ts";
import { type Issue, validateEvent } from "./validate.ts";

export interface PipelineOptions extends PrepareOptions {
  readonly sink: Sink;
  readonly seenIds: SeenIds;
  /** Rate of the collector's own sampling, and its decision for a visitor. */
  readonly sampleRate: number;
  readonly isSampled: (visitorId: string) => boolean;
  /** Every accepted event, stored or not, after it is safe. `weight` is what it counts for: 1 / the client's rate. */
  readonly onRecent?: (event: RecentEvent, weight: number) => void;
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

/** The way of an event: validate → prepare → dedupe → sample → sink, and only then the live view and the counters. */
export function createPipeline(options: PipelineOptions): Pipeline {
  const { sink, seenIds, sampleRate, isSampled, onRecent, onCounts } = options;
  /** Ids on their way to the disk: a retry that overtakes its first try waits for it instead of counting twice. */
  const inFlight = new Map<string, Promise<unknown>>();

  return async function ingest(events, context, alsoKnown) {
    const { taken, rejected, ignored } = readEvents(events, context, alsoKnown);
    const { fresh, duplicates, othersCommits } = dedupe(taken);
    const decided = fresh.map(decide);
    const lines = decided.filter(({ stored }) => stored).map(({ event }) => toLine(event));

    const store = async () => (lines.length > 0 ? sink.append(lines) : (sink.file ?? ""));
    // Another's try goes first: where it fails this request fails whole, before anything of it is stored or counted.
    const commit = othersCommits.length > 0 ? Promise.all(othersCommits).then(store) : store();
    const ids = fresh.map(({ id }) => id);
    for (const id of ids) inFlight.set(id, commit);
    try {
      const file = await commit;
      for (const id of ids) seenIds.add(id);
      for (const { event, stored, weight } of decided) onRecent?.({ ...event, stored }, weight);
      const counts = { accepted: fresh.length, stored: lines.length, duplicates };
      onCounts?.({ ...counts, rejected: countReasons(rejected) });
      return { ...counts, rejected, file, ignored };
    } finally {
      for (const id of ids) inFlight.delete(id);
    }
  };

  function readEvents(events: readonly unknown[], context: IngestContext, alsoKnown?: ReadonlySet<string>) {
    const taken: StoredEvent[] = [];
    const rejected: Outcome["rejected"][number][] = [];
    const ignored = new Set<string>();
    events.forEach((input, index) => {
      const validated = validateEvent(input, alsoKnown);
      if (!validated.ok) {
        rejected.push(rejection(index, "schema", validated.issues));
        return;
      }
      for (const key of validated.ignored) ignored.add(key);
      const prepared = prepareEvent(validated.event, context, options);
      if (prepared.ok) taken.push(prepared.event);
      else rejected.push(rejection(index, prepared.reason, [{ path: "ts", message: prepared.message }]));
    });
    return { taken, rejected, ignored: [...ignored] };
  }

  function dedupe(events: readonly StoredEvent[]) {
    const fresh: StoredEvent[] = [];
    const here = new Set<string>();
    const othersCommits: Promise<unknown>[] = [];
    for (const event of events) {
      const commit = inFlight.get(event.id);
      if (commit) othersCommits.push(commit);
      if (commit || here.has(event.id) || seenIds.has(event.id)) continue;
      here.add(event.id);
      fresh.push(event);
    }
    return { fresh, duplicates: events.length - fresh.length, othersCommits };
  }

  function decide(event: StoredEvent) {
    const weight = 1 / event.sample_rate;
    const stored = isSampled(event.visitor_id);
    return { event: { ...event, sample_rate: event.sample_rate * sampleRate }, stored, weight };
  }
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
