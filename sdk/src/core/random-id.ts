/**
 * 128 random bits, as four decimal numbers with `-` between: unique without asking anybody, and nothing can be read from
 * it. Not `crypto.randomUUID`, which browsers offer on secure origins only.
 */
export function randomId(): string {
  return crypto.getRandomValues(new Uint32Array(4)).join("-");
}
