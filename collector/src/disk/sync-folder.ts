import { disk } from "./disk.ts";

/** Makes created, renamed and removed names of a folder durable: fsync(2) on a file does not cover its directory entry. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await disk.open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
