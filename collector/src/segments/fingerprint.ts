import { crc32 } from "node:zlib";
import { readBlocks } from "./read-blocks.ts";

/** Tells whether two files hold the same lines, compressed or not. */
export interface Fingerprint {
  readonly bytes: number;
  readonly crc: number;
}

const NO_LINES: Fingerprint = { bytes: 0, crc: 0 };

function addLines({ bytes, crc }: Fingerprint, lines: Buffer): Fingerprint {
  return { bytes: bytes + lines.length, crc: crc32(lines, crc) };
}

export function isSame(a: Fingerprint, b: Fingerprint): boolean {
  return a.bytes === b.bytes && a.crc === b.crc;
}

/** Of a data file. Rejects where it cannot be read or is damaged. */
export async function fingerprintOf(path: string, signal?: AbortSignal): Promise<Fingerprint> {
  let fingerprint = NO_LINES;
  for await (const { lines } of readBlocks(path, Number.POSITIVE_INFINITY, { reusesMemory: true })) {
    signal?.throwIfAborted();
    fingerprint = addLines(fingerprint, lines);
  }
  return fingerprint;
}
