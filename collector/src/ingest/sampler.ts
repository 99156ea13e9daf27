import { createHash } from "node:crypto";

/** Keeps this from deciding as the SDK's own hash does: 0.25 in the client × 0.5 here must keep 12.5 %. */
const SALT = "tallymark-collector/1:";

const HASH_BYTES = 6;
const HASH_RANGE = 2 ** (8 * HASH_BYTES);

/**
 * Samples by visitor: the same visitor is in or out on every collector, for every event, and whoever is kept at a low
 * rate is kept at every higher one.
 * @param rate 0 keeps nothing, 1 keeps everything; resolution 2⁻⁴⁸
 */
export function createSampler(rate: number): (visitorId: string) => boolean {
  if (rate >= 1) return () => true;
  if (rate <= 0) return () => false;
  return (visitorId) => visitorFraction(visitorId) < rate;
}

function visitorFraction(visitorId: string): number {
  return (
    createHash("sha256")
      .update(SALT + visitorId)
      .digest()
      .readUIntBE(0, HASH_BYTES) / HASH_RANGE
  );
}
