import { MAX_METADATA_BYTES, MAX_METADATA_DEPTH, MAX_METADATA_KEYS, type Metadata } from "@tallymark/sdk/protocol";

/** The rule that metadata breaks, or `undefined`. Takes what JSON.parse made, so every value is JSON already. */
export function metadataFault(metadata: Metadata): string | undefined {
  // Depth goes first: it bounds the recursion of what follows, however deep the body was.
  if (isDeeperThan(metadata, MAX_METADATA_DEPTH)) return `must be at most ${MAX_METADATA_DEPTH} levels deep`;
  if (hasTooManyKeys(metadata)) return `must have at most ${MAX_METADATA_KEYS} keys in an object`;
  if (Buffer.byteLength(JSON.stringify(metadata)) > MAX_METADATA_BYTES) {
    return `must be at most ${MAX_METADATA_BYTES} bytes as JSON`;
  }
  return undefined;
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((child) => isDeeperThan(child, levels - 1));
}

function hasTooManyKeys(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const children = Object.values(value);
  const isTooMany = !Array.isArray(value) && children.length > MAX_METADATA_KEYS;
  return isTooMany || children.some(hasTooManyKeys);
}
