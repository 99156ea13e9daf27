/**
 * Whether a visitor is in a sample of `rate` (0–1). Always the same answer for the same visitor, and nested: who is kept
 * at 1 % is kept at 10 %. The resolution is 2^-32. The collector has a hash of its own, so the two samples are independent.
 */
export function isSampled(visitorId: string, rate: number): boolean {
  let hash = 0;
  // Two rounds more than characters, so that the last ones are mixed as well as the first.
  for (const code of new TextEncoder().encode(`${visitorId}--`)) {
    // 2^32 divided by the golden ratio, as in Knuth's multiplicative hashing.
    hash = Math.imul(hash ^ code, 0x9e37_79b1);
    hash ^= hash >>> 15;
  }
  return hash >>> 0 < rate * 2 ** 32;
}
