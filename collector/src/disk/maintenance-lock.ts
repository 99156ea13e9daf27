import { join } from "node:path";
import { type FolderLock, type FolderLockOptions, takeFolderLock } from "./folder-lock.ts";

/**
 * Held during one run of the rotator and during one pass of the eraser, by whichever process does it: they never work on
 * the closed files at once. Rejects with FolderLockedError where another holds it.
 */
export function takeMaintenanceLock(dataDir: string, options?: FolderLockOptions): Promise<FolderLock> {
  return takeFolderLock(join(dataDir, ".tallymark", "maintenance.lock"), options);
}
