import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { MAX_BODY_BYTES } from "@tallymark/sdk/protocol";
import type { Context } from "hono";
import type { CollectorEnv } from "./env.ts";

const inflate = promisify(gunzip);

export type Body =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly error: "too_large" | "unsupported_type" | "invalid_json" };

/** `text/plain` is what a beacon sends, to do without a preflight. */
const CONTENT_TYPE = /^(?:application\/json|text\/plain)\s*(?:;|$)/i;

/** Reads a body of at most `MAX_BODY_BYTES`, before and after decompression, whatever its headers claim. */
export async function readBody(c: Context<CollectorEnv>): Promise<Body> {
  if (!CONTENT_TYPE.test(c.req.header("content-type") ?? "")) return { ok: false, error: "unsupported_type" };
  const encoding = c.req.header("content-encoding")?.toLowerCase() ?? "identity";
  if (encoding !== "identity" && encoding !== "gzip") return { ok: false, error: "unsupported_type" };
  if (Number(c.req.header("content-length") ?? 0) > MAX_BODY_BYTES) return tooLarge(c);

  const bytes = await readUpTo(MAX_BODY_BYTES, chunksOf(c));
  if (!bytes) return tooLarge(c);
  if (encoding === "identity") return { ok: true, bytes };
  try {
    return { ok: true, bytes: await inflate(bytes, { maxOutputLength: MAX_BODY_BYTES }) };
  } catch (error) {
    const isBomb = error instanceof RangeError;
    return { ok: false, error: isBomb ? "too_large" : "invalid_json" };
  }
}

/** The rest of an oversized body is not waited for: the connection ends with the answer. */
function tooLarge(c: Context): Body {
  c.header("Connection", "close");
  return { ok: false, error: "too_large" };
}

/**
 * Node's own stream where nobody has read it yet, because a web stream round it costs as much as the rest of the
 * request; else what the host app has left us, or, where a middleware of its own has read the body, what Hono kept.
 */
function chunksOf(c: Context<CollectorEnv>): AsyncIterable<Uint8Array> {
  if (Object.keys(c.req.bodyCache).length > 0) return keptBody(c);
  const incoming = c.env?.incoming;
  const isUnread = incoming && "iterator" in incoming && !incoming.readableDidRead;
  // Stopping early must not destroy the socket: the 413 has to leave through it.
  if (isUnread) return incoming.iterator({ destroyOnReturn: false });
  return c.req.raw.body ?? NOTHING;
}

const NOTHING: AsyncIterable<Uint8Array> = { async *[Symbol.asyncIterator]() {} };

async function* keptBody(c: Context<CollectorEnv>): AsyncIterable<Uint8Array> {
  yield new Uint8Array(await c.req.arrayBuffer());
}

async function readUpTo(maxBytes: number, source: AsyncIterable<Uint8Array>): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of source) {
    size += chunk.length;
    if (size > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
}
