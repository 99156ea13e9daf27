import { createHash } from "node:crypto";
import { disk } from "../disk/disk.ts";

export interface Digests {
  readonly bytes: number;
  /** In base64, as `Content-MD5` has it (RFC 1864). */
  readonly md5: string;
  /** In hex, as S3's signatures have it. */
  readonly sha256: string;
}

const CHUNK_BYTES = 262_144;

/** Reads a file once, in constant memory. */
export async function digestFile(path: string, signal?: AbortSignal): Promise<Digests> {
  const md5 = createHash("md5");
  const sha256 = createHash("sha256");
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  const file = await disk.open(path, "r");
  try {
    for (let bytes = 0; ; ) {
      signal?.throwIfAborted();
      const { bytesRead } = await file.read(chunk, 0, chunk.length, bytes);
      if (bytesRead === 0) return { bytes, md5: md5.digest("base64"), sha256: sha256.digest("hex") };
      md5.update(chunk.subarray(0, bytesRead));
      sha256.update(chunk.subarray(0, bytesRead));
      bytes += bytesRead;
    }
  } finally {
    await file.close();
  }
}
