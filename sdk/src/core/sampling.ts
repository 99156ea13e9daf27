/**
 * Where a visitor falls from 0 to 1, by the first 32 random bits of the id: always the same for the same one. Who is below
 * 0.01 is below 0.1, so samples nest. The collector hashes the whole id, so the two samples are independent.
 * Without an id it is drawn anew each time.
 */
export function sampleShare(visitorId: string | undefined): number {
  // biome-ignore lint/correctness/useParseIntRadix: the id begins with a digit, and every byte ships.
  return visitorId ? parseInt(visitorId) / 2 ** 32 : Math.random();
}
