/**
 * A cap that lets bursts through: so many at once, then one more each interval, and after a rest no more than a burst.
 * @param burst how many at once
 * @param intervalMs time for one more, in ms
 * @returns takes one; false where there is none left
 */
export function tokenBucket(burst: number, intervalMs: number): () => boolean {
  let tokens = burst;
  // By the clock of the page, which does not go back; full since that began.
  let filledAt = 0;
  return () => {
    const now = performance.now();
    tokens = Math.min(burst, tokens + (now - filledAt) / intervalMs);
    filledAt = now;
    if (tokens < 1) return false;
    tokens--;
    return true;
  };
}
