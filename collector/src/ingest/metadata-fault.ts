import { MAX_METADATA_BYTES, MAX_METADATA_DEPTH, MAX_METADATA_KEYS, type Metadata } from "@tallymark/sdk/protocol";

/** JSON writes a UTF-16 unit in at most 6 bytes: `\u0000`. */
const MAX_BYTES_PER_UNIT = 6;

/** No number, `true`, `false` or `null` takes more in JSON, with its comma: `-2.2250738585072014e-308`. */
const MAX_BYTES_PER_PRIMITIVE = 25;

/** The rule that metadata breaks, or `undefined`. Takes what JSON.parse made, so every value is JSON already. */
export function metadataFault(metadata: Metadata): string | undefined {
  if (isFlatAndSmall(metadata)) return undefined;
  // Depth goes first: it bounds the recursion of what follows, however deep the body was.
  if (isDeeperThan(metadata, MAX_METADATA_DEPTH)) return `must be at most ${MAX_METADATA_DEPTH} levels deep`;
  if (hasTooManyKeys(metadata)) return `must have at most ${MAX_METADATA_KEYS} keys in an object`;
  if (Buffer.byteLength(JSON.stringify(metadata)) > MAX_METADATA_BYTES) {
    return `must be at most ${MAX_METADATA_BYTES} bytes as JSON`;
  }
  return undefined;
}

/** Nearly all metadata is so far inside the rules that nobody has to write it as JSON to see it. */
function isFlatAndSmall(metadata: Metadata): boolean {
  let keys = 0;
  let atMostBytes = 0;
  for (const key in metadata) {
    const value = metadata[key];
    if (typeof value === "object" && value !== null) return false;
    keys += 1;
    const units = key.length + (typeof value === "string" ? value.length : 0);
    atMostBytes += MAX_BYTES_PER_UNIT * units + MAX_BYTES_PER_PRIMITIVE;
  }
  return keys <= MAX_METADATA_KEYS && atMostBytes <= MAX_METADATA_BYTES;
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
