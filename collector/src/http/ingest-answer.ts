import {
  type Batch,
  type BatchAnswer,
  type EventAnswer,
  MAX_BATCH_EVENTS,
  type SingleEvent,
} from "@tallymark/sdk/protocol";
import type { IngestContext } from "../ingest/context.ts";
import { parseBody } from "../ingest/parse-body.ts";
import type { Outcome, Pipeline } from "../ingest/pipeline.ts";
import { unknownKeys, validateEnvelope } from "../ingest/validate.ts";
import { type Answer, refusal } from "./answer.ts";
import { type BodySource, readBody } from "./read-body.ts";

export interface IngestOptions {
  readonly ingest: Pipeline;
  readonly isDraining: () => boolean;
  readonly now: () => number;
  /** Events an SDK says it had to give up. */
  readonly onClientDropped: (count: number) => void;
}

/** A post to `/event` or `/events`, whoever serves it. */
export interface IngestRequest extends BodySource {
  readonly route: "event" | "events";
  /** Of the client. */
  address(): string;
}

/** Answers a post of events. Rejects with what the pipeline rejects with: nothing was stored then. */
export type IngestAnswer = (request: IngestRequest) => Promise<Answer>;

const BACKSLASH = 0x5c;

const SENT_AT: ReadonlySet<string> = new Set<keyof SingleEvent>(["sent_at"]);
const BATCH_KEYS: ReadonlySet<string> = new Set<keyof Batch>(["sent_at", "sdk", "dropped", "events"]);

/** Names of ignored keys that an answer repeats, and how much of each: they are the sender's, and may be many. */
const MAX_IGNORED_NAMES = 20;
const MAX_IGNORED_LENGTH = 64;

/** The one implementation of both ingest routes: for Hono, and for the short way round it. */
export function createIngestAnswer({ ingest, isDraining, now, onClientDropped }: IngestOptions): IngestAnswer {
  const storedAnswer = createStoredAnswer();

  return async function ingestAnswer(request) {
    // While the process drains, new events are refused and their connections closed: the SDK keeps them and comes back.
    if (isDraining()) return { ...refusal("unavailable"), closes: true };
    const body = await readBody(request);
    // The rest of an oversized body is not waited for: the connection ends with the answer.
    if (body === "too_large") return { ...refusal(body), closes: true };
    if (typeof body === "string") return refusal(body);
    return answerOf(request, body);
  };

  /** Not awaited where the body was read: what was read and parsed need not outlive the wait for the disk. */
  function answerOf(request: IngestRequest, body: Uint8Array): Answer | Promise<Answer> {
    const input = parsed(body);
    if (input === undefined) return refusal("invalid_json");
    const head = validateEnvelope(input);
    if (!head.ok) return refusal("invalid_event", head.issues);

    const context: IngestContext = {
      receivedAt: now(),
      sentAt: head.envelope.sent_at,
      userAgent: request.header("user-agent") ?? "",
      hasNoEscapes: !body.includes(BACKSLASH),
      address: () => request.address(),
    };
    if (request.route === "event") return ingest([input], context, SENT_AT).then(eventAnswer);

    const events = eventsOf(input);
    if (!events) return refusal("invalid_event", [{ path: "events", message: "must be an array of events" }]);
    if (events.length > MAX_BATCH_EVENTS) return refusal("too_large");
    const ignored = unknownKeys(input, BATCH_KEYS);
    const dropped = Object.values(head.envelope.dropped ?? {}).reduce((sum, count) => sum + count, 0);
    return ingest(events, context).then((outcome) => {
      if (dropped > 0) onClientDropped(dropped);
      return batchAnswer(outcome, ignored);
    });
  }

  function eventAnswer({ rejected, stored, file, ignored }: Outcome): Answer {
    if (rejected[0]) return refusal("invalid_event", rejected[0].issues);
    if (stored === 1 && ignored.length === 0) return storedAnswer(file);
    return accepted({ ok: true, stored: stored ? 1 : 0, file, ...named(ignored) });
  }
}

/** What nearly every event is answered: the same until the file is another. */
function createStoredAnswer(): (file: string) => Answer {
  let answeredFile: string | undefined;
  let answer: Answer | undefined;

  return function storedAnswer(file) {
    if (!answer || file !== answeredFile) answer = accepted({ ok: true, stored: 1, file });
    answeredFile = file;
    return answer;
  };
}

function accepted(json: EventAnswer | BatchAnswer): Answer {
  return { status: 202, body: JSON.stringify(json) };
}

function batchAnswer(outcome: Outcome, ignored: readonly string[]): Answer {
  return accepted({
    ok: true,
    accepted: outcome.accepted,
    stored: outcome.stored,
    duplicates: outcome.duplicates,
    rejected: outcome.rejected.map(({ index, reason, detail }) => ({ index, reason, detail })),
    file: outcome.file,
    ...named([...ignored, ...outcome.ignored]),
  });
}

/** `undefined` where it is no JSON: JSON itself has no such value. */
function parsed(body: Uint8Array): unknown {
  try {
    return parseBody(body);
  } catch {
    return undefined;
  }
}

function eventsOf(input: unknown): readonly unknown[] | undefined {
  const events = typeof input === "object" && input !== null && "events" in input ? input.events : undefined;
  return Array.isArray(events) ? events : undefined;
}

function named(ignored: readonly string[]): { readonly ignored?: readonly string[] } {
  if (ignored.length === 0) return {};
  const names = [...new Set(ignored)].slice(0, MAX_IGNORED_NAMES).map((name) => name.slice(0, MAX_IGNORED_LENGTH));
  return { ignored: names };
}
