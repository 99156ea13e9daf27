import { stat } from "node:fs/promises";
import { DataFolderError, reasonOf } from "../disk/data-folder-error.ts";

/** Rejects with `DataFolderError`, whose sentence names `fix`, where there is no such folder. */
export async function checkFolder(dataDir: string, fix = "Name the right one with --data-dir."): Promise<void> {
  try {
    if ((await stat(dataDir)).isDirectory()) return;
  } catch (error) {
    throw new DataFolderError(`Tallymark cannot read the data folder ${dataDir}: ${reasonOf(error)}. ${fix}`, {
      cause: error,
    });
  }
  throw new DataFolderError(`Tallymark needs a folder, and ${dataDir} is a file. ${fix}`);
}
