import { type Context, Hono } from "hono";
import type { ClientAddress } from "../client-address.ts";
import type { CollectorEnv } from "../env.ts";
import { respond } from "../error-answer.ts";
import type { IngestAnswer, IngestRequest } from "../ingest-answer.ts";
import { readIncoming } from "../read-incoming.ts";

/** `POST /event` and `POST /events`, for apps that mount us; what serves by itself takes the short way (`listener.ts`). */
export function ingestRoutes(ingestAnswer: IngestAnswer, clientAddress: ClientAddress) {
  return new Hono<CollectorEnv>()
    .post("/event", async (c) => respond(c, await ingestAnswer(requestOf(c, "event"))))
    .post("/events", async (c) => respond(c, await ingestAnswer(requestOf(c, "events"))));

  function requestOf(c: Context<CollectorEnv>, route: IngestRequest["route"]): IngestRequest {
    return {
      route,
      header: (name) => c.req.header(name),
      address: () => clientAddress(c.env?.incoming?.socket.remoteAddress, c.req.header("x-forwarded-for")),
      readBytes: (maxBytes) => readBytes(c, maxBytes),
    };
  }
}

/**
 * From Node's own stream where nobody has read it yet, because a web stream round it costs as much as the rest of the
 * request; else from what the host app has left us, or, where a middleware of its own has read the body, what Hono kept.
 */
export async function readBytes(c: Context<CollectorEnv>, maxBytes: number): Promise<Uint8Array | undefined> {
  if (Object.keys(c.req.bodyCache).length > 0) {
    const kept = new Uint8Array(await c.req.arrayBuffer());
    return kept.length > maxBytes ? undefined : kept;
  }
  const incoming = c.env?.incoming;
  const isUnread = incoming && "on" in incoming && !incoming.readableDidRead;
  if (isUnread) return readIncoming(incoming, maxBytes);

  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of c.req.raw.body ?? []) {
    size += chunk.length;
    if (size > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
