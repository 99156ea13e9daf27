import { dirname } from "node:path";
import { crc32 } from "node:zlib";
import { disk } from "../disk/disk.ts";
import { replaceFile } from "../disk/replace-file.ts";
import { syncFolder } from "../disk/sync-folder.ts";
import { writeAll } from "../disk/write-all.ts";
import { packMember } from "../segments/gzip-member.ts";
import { readBlocks } from "../segments/read-blocks.ts";

/**
 * Replaces a file by its `.gz`, in constant memory. Whatever moment this is interrupted at, the whole data is there under
 * one of the two names, and a second run finishes the job: the copy is read back from the disk and compared before it
 * gets its name, and the original goes last.
 * @param level zlib's, 1 (fast) to 9 (small)
 */
export async function gzipFile(path: string, level = 6): Promise<void> {
  let original = NOTHING;
  await replaceFile(
    `${path}.gz`,
    async (file) => {
      for await (const { lines } of readBlocks(path)) {
        original = add(original, lines);
        await writeAll(file, await packMember(lines, level));
      }
      // No bytes at all would not be gzip.
      if (original.bytes === 0) await writeAll(file, await packMember(Buffer.alloc(0), level));
    },
    async (unfinished) => {
      let copy = NOTHING;
      for await (const { lines } of readBlocks(unfinished)) copy = add(copy, lines);
      if (copy.bytes !== original.bytes || copy.crc !== original.crc)
        throw new Error("the compressed copy does not match");
    },
  );
  await disk.unlink(path);
  await syncFolder(dirname(path));
}

interface Fingerprint {
  readonly bytes: number;
  readonly crc: number;
}

const NOTHING: Fingerprint = { bytes: 0, crc: 0 };

function add({ bytes, crc }: Fingerprint, lines: Buffer): Fingerprint {
  return { bytes: bytes + lines.length, crc: crc32(lines, crc) };
}
