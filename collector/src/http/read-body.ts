import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { MAX_BODY_BYTES } from "@tallymark/sdk/protocol";

const inflate = promisify(gunzip);

/** `text/plain` is what a beacon sends, to do without a preflight. */
const CONTENT_TYPE = /^(?:application\/json|text\/plain)\s*(?:;|$)/i;

/** Where a body comes from, whoever serves. */
export interface BodySource {
  /** @param name in lower case */
  header(name: string): string | undefined;
  /** The bytes as they came; `undefined`, and the rest left unread, where there are more than `maxBytes`. */
  readBytes(maxBytes: number): Promise<Uint8Array | undefined>;
}

/** The bytes of a body, or why there are none. */
export type Body = Uint8Array | "too_large" | "unsupported_type" | "invalid_json";

/** Reads a body of at most `MAX_BODY_BYTES`, before and after decompression, whatever its headers claim. */
export async function readBody(source: BodySource): Promise<Body> {
  if (!CONTENT_TYPE.test(source.header("content-type") ?? "")) return "unsupported_type";
  const encoding = source.header("content-encoding")?.toLowerCase() ?? "identity";
  if (encoding !== "identity" && encoding !== "gzip") return "unsupported_type";
  if (Number(source.header("content-length") ?? 0) > MAX_BODY_BYTES) return "too_large";

  try {
    const bytes = await source.readBytes(MAX_BODY_BYTES);
    if (!bytes) return "too_large";
    return encoding === "identity" ? bytes : await inflate(bytes, { maxOutputLength: MAX_BODY_BYTES });
  } catch (error) {
    // Else it is no gzip, or the sender went away half-way: nobody is left to read the answer, and nothing was kept.
    const isBomb = error instanceof RangeError;
    return isBomb ? "too_large" : "invalid_json";
  }
}
