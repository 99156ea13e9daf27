import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { disk } from "./disk.ts";
import { syncFolder } from "./sync-folder.ts";

/** As large as the largest request, so that a disk with room for hardly a line does not count as well again. */
const PROBE_BYTES = 65_536;

/**
 * Does what a new data file needs: writes a file of its own to the folder, makes it and its name durable with as many
 * files open at once, and removes it. Rejects where the disk does not let it.
 */
export async function probeFolder(dataDir: string): Promise<void> {
  const path = join(dataDir, `.tallymark-probe.${randomUUID()}.tmp`);
  const file = await disk.open(path, "wx", 0o640);
  try {
    await file.writeFile(Buffer.alloc(PROBE_BYTES));
    await file.datasync();
    await syncFolder(dataDir);
  } finally {
    await file.close();
    await disk.unlink(path).catch(() => {});
  }
}
