import { type ErasureAnswer, type ErrorAnswer, IDENTIFIER, MIN_SECRET_ID_LENGTH } from "@tallymark/sdk/protocol";
import { type Context, Hono, type MiddlewareHandler } from "hono";
import { parseBody } from "../../ingest/parse-body.ts";
import { refusal } from "../answer.ts";
import type { CollectorEnv } from "../env.ts";
import { errorAnswer, respond } from "../error-answer.ts";
import { readBody } from "../read-body.ts";
import { readBytes } from "./ingest.ts";

/** How long an answer waits for the erasure to finish, in ms; then the receipt says `running`. */
const WAIT_MS = 10_000;

export interface VisitorRoutesOptions {
  /** Lines of a visitor as they are stored, oldest first. */
  readonly exportVisitor: (id: string) => AsyncIterable<Uint8Array>;
  /**
   * Rejects with `SinkError` where the wish cannot be stored now.
   * @param isReader whether the read token came with it
   */
  readonly erase: (
    ids: readonly string[],
    isReader: boolean,
  ) => Promise<{ readonly answer: ErasureAnswer; readonly tried: Promise<ErasureAnswer> }>;
  readonly findErasure: (receipt: string) => Promise<ErasureAnswer | undefined>;
  /** Whether who asks may read: they may erase anybody, by an id of any length. */
  readonly isReader: (c: Context<CollectorEnv>) => boolean;
  readonly isDraining: () => boolean;
  /** How long an answer waits for the erasure to finish, in ms (default 10,000). */
  readonly eraseWaitMs?: number;
}

type Issues = NonNullable<ErrorAnswer["issues"]>;

/** What a visitor has a right to: their events, and that these go. */
export function visitorRoutes(options: VisitorRoutesOptions, reader: MiddlewareHandler, limit: MiddlewareHandler) {
  const { exportVisitor, erase, findErasure, isReader, isDraining, eraseWaitMs = WAIT_MS } = options;

  return new Hono<CollectorEnv>()
    .get("/visitors/:id", reader, (c) => {
      const id = c.req.param("id");
      if (!IDENTIFIER.test(id)) return errorAnswer(c, "invalid_event", [NOT_AN_ID]);
      c.header("Cache-Control", "no-store");
      c.header("Content-Type", "application/x-ndjson");
      // Asked for the next block only when the last one has left.
      return c.body(ReadableStream.from(cutOffOnFailure(c, exportVisitor(id))) as ReadableStream);
    })

    .delete("/visitors/:id", reader, (c) => {
      const id = c.req.param("id");
      return IDENTIFIER.test(id) ? answerErasure(c, [id], true) : errorAnswer(c, "invalid_event", [NOT_AN_ID]);
    })

    .post("/forget", limit, async (c) => {
      const source = {
        header: (name: string) => c.req.header(name),
        readBytes: (maxBytes: number) => readBytes(c, maxBytes),
      };
      const body = await readBody(source);
      if (body === "too_large") return respond(c, { ...refusal(body), closes: true });
      if (typeof body === "string") return errorAnswer(c, body);
      const mayName = isReader(c);
      const read = idsIn(body, mayName ? 1 : MIN_SECRET_ID_LENGTH);
      if (read === undefined) return errorAnswer(c, "invalid_json");
      return "issues" in read ? errorAnswer(c, "invalid_event", read.issues) : answerErasure(c, read.ids, mayName);
    })

    .get("/erasures/:receipt", reader, async (c) => {
      c.header("Cache-Control", "no-store");
      const found = await findErasure(c.req.param("receipt"));
      return found ? c.json(found) : errorAnswer(c, "not_found");
    });

  async function answerErasure(c: Context<CollectorEnv>, ids: readonly string[], isReader: boolean): Promise<Response> {
    if (isDraining()) return respond(c, { ...refusal("unavailable"), closes: true });
    c.header("Cache-Control", "no-store");
    const { answer, tried } = await erase(ids, isReader);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<ErasureAnswer>((resolve) => {
      timer = setTimeout(resolve, eraseWaitMs, answer);
    });
    const reached = await Promise.race([tried, late]);
    clearTimeout(timer);
    return c.json(reached, reached.status === "done" ? 200 : 202);
  }
}

/**
 * The status has left when a file turns out to be damaged: only a connection that breaks says that something is missing.
 * Where there is none of ours the stream fails, which does the same.
 */
async function* cutOffOnFailure(c: Context<CollectorEnv>, lines: AsyncIterable<Uint8Array>) {
  try {
    yield* lines;
  } catch (error) {
    const socket = c.env?.incoming?.socket;
    if (!socket) throw error;
    socket.destroy();
  }
}

const NOT_AN_ID = { path: "id", message: "must have 1 to 64 characters of A-Z, a-z, 0-9, _ and -" };

/** The ids in what the SDK's `forget()` posts; `undefined` where it is no JSON object. */
function idsIn(
  body: Uint8Array,
  minLength: number,
): { readonly ids: readonly string[] } | { readonly issues: Issues } | undefined {
  const input = parsed(body);
  if (typeof input !== "object" || input === null) return undefined;
  const given = (["visitor_id", "session_id"] as const)
    .map((path) => ({ path, id: (input as { readonly [key: string]: unknown })[path] }))
    .filter(({ id }) => id !== undefined && id !== "");
  const message =
    minLength === 1
      ? NOT_AN_ID.message
      : `must be an identifier of at least ${minLength} characters, as the SDK makes them: only whoever knows it, or has the read token, may erase by it`;
  const isSecret = (id: unknown): id is string =>
    typeof id === "string" && id.length >= minLength && IDENTIFIER.test(id);
  const ids = given.map(({ id }) => id).filter(isSecret);
  if (ids.length === given.length && ids.length > 0) return { ids };
  const wrong = given.filter(({ id }) => !isSecret(id)).map(({ path }) => ({ path, message }));
  return { issues: wrong.length > 0 ? wrong : [{ path: "visitor_id", message }] };
}

function parsed(body: Uint8Array): unknown {
  try {
    return parseBody(body);
  } catch {
    return undefined;
  }
}
