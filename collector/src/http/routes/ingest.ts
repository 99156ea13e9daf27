import {
  type Batch,
  type BatchAnswer,
  type EventAnswer,
  MAX_BATCH_EVENTS,
  type SingleEvent,
} from "@tallymark/sdk/protocol";
import { type Context, Hono } from "hono";
import * as v from "valibot";
import type { IngestContext } from "../../ingest/context.ts";
import { parseBody } from "../../ingest/parse-body.ts";
import type { Pipeline } from "../../ingest/pipeline.ts";
import { envelope } from "../../ingest/schema.ts";
import { issuesOf, unknownKeys } from "../../ingest/validate.ts";
import type { CollectorEnv } from "../env.ts";
import { errorAnswer } from "../error-answer.ts";
import { readBody } from "../read-body.ts";

export interface IngestRoutesOptions {
  readonly ingest: Pipeline;
  readonly clientAddress: (c: Context<CollectorEnv>) => string;
  readonly now: () => number;
  /** Events an SDK says it had to give up. */
  readonly onClientDropped: (count: number) => void;
}

const SENT_AT: ReadonlySet<string> = new Set<keyof SingleEvent>(["sent_at"]);
const BATCH_KEYS: ReadonlySet<string> = new Set<keyof Batch>(["sent_at", "sdk", "dropped", "events"]);

/** Names of ignored keys that an answer repeats, and how much of each: they are the sender's, and may be many. */
const MAX_IGNORED_NAMES = 20;
const MAX_IGNORED_LENGTH = 64;

/** `POST /event` and `POST /events`. */
export function ingestRoutes({ ingest, clientAddress, now, onClientDropped }: IngestRoutesOptions) {
  const routes = new Hono<CollectorEnv>();

  routes.post("/event", async (c) => {
    const input = await readJson(c);
    if (input instanceof Response) return input;
    const head = v.safeParse(envelope, input);
    if (!head.success) return errorAnswer(c, "invalid_event", issuesOf(head.issues));

    const { rejected, stored, file, ignored } = await ingest([input], contextOf(c, head.output.sent_at), SENT_AT);
    if (rejected[0]) return errorAnswer(c, "invalid_event", rejected[0].issues);
    return c.json({ ok: true, stored: stored ? 1 : 0, file, ...named(ignored) } satisfies EventAnswer, 202);
  });

  routes.post("/events", async (c) => {
    const input = await readJson(c);
    if (input instanceof Response) return input;
    const head = v.safeParse(envelope, input);
    if (!head.success) return errorAnswer(c, "invalid_event", issuesOf(head.issues));
    const events = eventsOf(input);
    if (!events) return errorAnswer(c, "invalid_event", [{ path: "events", message: "must be an array of events" }]);
    if (events.length > MAX_BATCH_EVENTS) return errorAnswer(c, "too_large");

    const outcome = await ingest(events, contextOf(c, head.output.sent_at));
    const dropped = Object.values(head.output.dropped ?? {}).reduce((sum, count) => sum + count, 0);
    if (dropped > 0) onClientDropped(dropped);
    const ignored = [...unknownKeys(input, BATCH_KEYS), ...outcome.ignored];
    return c.json(
      {
        ok: true,
        accepted: outcome.accepted,
        stored: outcome.stored,
        duplicates: outcome.duplicates,
        rejected: outcome.rejected.map(({ index, reason, detail }) => ({ index, reason, detail })),
        file: outcome.file,
        ...named(ignored),
      } satisfies BatchAnswer,
      202,
    );
  });

  return routes;

  async function readJson(c: Context<CollectorEnv>): Promise<unknown> {
    const body = await readBody(c).catch(() => undefined);
    // The sender went away half-way: nobody is left to read this answer, and nothing was kept.
    if (!body) return errorAnswer(c, "invalid_json");
    if (!body.ok) return errorAnswer(c, body.error);
    try {
      return parseBody(body.bytes);
    } catch {
      return errorAnswer(c, "invalid_json");
    }
  }

  function contextOf(c: Context<CollectorEnv>, sentAt: number | undefined): IngestContext {
    return {
      receivedAt: now(),
      userAgent: c.req.header("user-agent") ?? "",
      address: clientAddress(c),
      ...(sentAt !== undefined && { sentAt }),
    };
  }
}

function eventsOf(input: unknown): readonly unknown[] | undefined {
  const events = typeof input === "object" && input !== null && "events" in input ? input.events : undefined;
  return Array.isArray(events) ? events : undefined;
}

function named(ignored: readonly string[]): { readonly ignored?: readonly string[] } {
  const names = [...new Set(ignored)].slice(0, MAX_IGNORED_NAMES).map((name) => name.slice(0, MAX_IGNORED_LENGTH));
  return names.length > 0 ? { ignored: names } : {};
}
