import { dirname, resolve } from "node:path";
import { disk } from "./disk.ts";
import { syncFolder } from "./sync-folder.ts";

/** Makes a folder, and those above it, where it is not there. Its name is durable: else a power cut could take it all. */
export async function makeFolder(path: string): Promise<void> {
  const first = await disk.mkdir(path, { recursive: true, mode: 0o750 });
  if (first === undefined) return;
  for (let made = resolve(path); made.length >= resolve(first).length; made = dirname(made)) {
    // Who may make a folder somewhere may not always read there; then there is no more to be had.
    await syncFolder(dirname(made)).catch(() => {});
  }
}
