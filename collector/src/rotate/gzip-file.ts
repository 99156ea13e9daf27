import { createHash, randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { open, rename, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { syncFolder } from "../store/sync-folder.ts";

/**
 * Replaces a file by its `.gz`, in constant memory. Whatever moment this is interrupted at, the whole data is there under
 * one of the two names, and a second run finishes the job: the copy is read back and compared before it gets its name,
 * and the original goes last.
 */
export async function gzipFile(path: string): Promise<void> {
  // A name of its own: two rotators on one folder are a mistake, and must not become a loss.
  const fresh = `${path}.gz.${randomUUID()}.tmp`;
  try {
    const written = createHash("sha256");
    await pipeline(createReadStream(path), tapInto(written), createGzip(), createWriteStream(fresh, { mode: 0o640 }));
    await syncFile(fresh);
    const readBack = createHash("sha256");
    await pipeline(createReadStream(fresh), createGunzip(), tapInto(readBack).resume());
    if (written.digest("hex") !== readBack.digest("hex")) throw new Error("the compressed copy does not match");
    await rename(fresh, `${path}.gz`);
  } catch (error) {
    await unlink(fresh).catch(() => {});
    throw error;
  }
  await syncFolder(dirname(path));
  await unlink(path);
  await syncFolder(dirname(path));
}

function tapInto(hash: { update(chunk: Uint8Array): unknown }): Transform {
  return new Transform({
    transform(chunk: Uint8Array, _encoding, callback) {
      hash.update(chunk);
      callback(null, chunk);
    },
  });
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, "r+");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
