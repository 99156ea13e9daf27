import { DataFolderError, reasonOf } from "../disk/data-folder-error.ts";
import { FolderLockedError } from "../disk/folder-lock.ts";

/** What kept the data folder from being opened, in one sentence with the reason and the next step. */
export function folderErrorOf(error: unknown, dataDir: string): DataFolderError {
  if (error instanceof DataFolderError) return error;
  if (error instanceof FolderLockedError) {
    return new DataFolderError(
      `Another collector (process ${error.pid} on host ${error.host}) already writes to ${dataDir}. ` +
        "Stop it, or give this one a folder of its own in METRICS_JSONL.",
      { cause: error },
    );
  }
  return new DataFolderError(
    `Tallymark cannot write to the data folder ${dataDir}: ${reasonOf(error)}. ` +
      "Make it writable for this user, or name another one in METRICS_JSONL.",
    { cause: error },
  );
}
