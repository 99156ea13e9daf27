import { randomUUID } from "node:crypto";
import { dirname } from "node:path";
import { disk, type FileHandle } from "./disk.ts";
import { syncFolder } from "./sync-folder.ts";

/** Names of copies under way. Whatever holds the folder's maintenance lock may remove them: nobody else makes any. */
export const UNFINISHED = /\.[0-9a-f-]{36}\.tmp$/;

/**
 * Writes a whole file and gives it its name last: whatever moment this is interrupted at, the name stands for the old
 * content or the new one, never for a part. What it leaves behind then is named as `UNFINISHED` says.
 * @param write may also read back what it has written; throwing keeps the old file
 */
export async function replaceFile(path: string, write: (file: FileHandle) => Promise<void>): Promise<void> {
  const unfinished = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await disk.open(unfinished, "wx+", 0o640);
    try {
      await write(file);
      await file.sync();
    } finally {
      await file.close();
    }
    await disk.rename(unfinished, path);
  } catch (error) {
    await disk.unlink(unfinished).catch(() => {});
    throw error;
  }
  await syncFolder(dirname(path));
}
