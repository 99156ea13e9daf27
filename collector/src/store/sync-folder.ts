import { open } from "node:fs/promises";

/** Makes created, renamed and removed names of a folder durable: fsync(2) on a file does not cover its directory entry. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
