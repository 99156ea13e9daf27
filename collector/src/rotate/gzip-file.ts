import { dirname } from "node:path";
import { disk, type FileHandle } from "../disk/disk.ts";
import { replaceFile } from "../disk/replace-file.ts";
import { syncFolder } from "../disk/sync-folder.ts";
import { writeAll } from "../disk/write-all.ts";
import { packMember, parseMemberHeader, unpackMember } from "../segments/gzip-member.ts";
import { readAt, readBlocks } from "../segments/read-blocks.ts";

export interface GzipOptions {
  /** zlib's, 1 (fast) to 9 (small); default 6. */
  readonly level?: number;
  /** Ends it between two blocks: the file stays as it was, and the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Replaces a file by its `.gz`, in constant memory. Whatever moment this is interrupted at, the whole data is there under
 * one of the two names: every part of the copy is read back and compared before the copy gets its name, and the original
 * goes last. Where both are left, `tidyFolder` settles it.
 */
export async function gzipFile(path: string, { level = 6, signal }: GzipOptions = {}): Promise<void> {
  await replaceFile(`${path}.gz`, async (file) => {
    let written = 0;
    for await (const { lines } of readBlocks(path, Number.POSITIVE_INFINITY, { reusesMemory: true })) {
      signal?.throwIfAborted();
      written += await appendMember(file, written, lines, level);
    }
    // No bytes at all would not be gzip.
    if (written === 0) await appendMember(file, written, Buffer.alloc(0), level);
  });
  await disk.unlink(path);
  await syncFolder(dirname(path));
}

/** Member by member: to read the whole copy back at its end would have twice as many dead buffers wait for collection. */
async function appendMember(file: FileHandle, offset: number, lines: Buffer, level: number): Promise<number> {
  const member = await packMember(lines, level);
  await writeAll(file, member);
  const copy = await readAt(file, offset, member.length);
  const isWhole = parseMemberHeader(copy)?.bytes === member.length && (await unpackMember(copy)).equals(lines);
  if (!isWhole) throw new Error("the compressed copy does not match");
  return member.length;
}
