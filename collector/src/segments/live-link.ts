import { basename, dirname, join } from "node:path";
import { DataFolderError } from "../disk/data-folder-error.ts";
import { disk } from "../disk/disk.ts";
import { ignoreMissing } from "../disk/ignore-missing.ts";
import { syncFolder } from "../disk/sync-folder.ts";
import { parseSegment } from "./segment.ts";

/** Points the link (`data/metrics.jsonl`) at a file beside it, atomically: readers see the old target or the new one. */
export async function pointLiveLink(linkPath: string, target: string): Promise<void> {
  // Always the same name: only one process moves the link, and what a killed one has left is in nobody's way.
  const fresh = join(dirname(linkPath), `.${basename(linkPath)}.tmp`);
  await disk.unlink(fresh).catch(ignoreMissing);
  await disk.symlink(target, fresh);
  await disk.rename(fresh, linkPath);
  await syncFolder(dirname(linkPath));
}

/** Bare name of the file the link points at; `undefined` where there is no link. */
export async function readLiveLink(linkPath: string): Promise<string | undefined> {
  try {
    return basename(await disk.readlink(linkPath));
  } catch {
    return undefined;
  }
}

/**
 * Looks at where the link is to be, before anything is touched: a link of a data file's name would take that file's place,
 * and the events in it would be gone.
 * @throws DataFolderError where the link has such a name, or a folder is in the way
 */
export async function checkLink(linkPath: string): Promise<void> {
  const isDataFile = parseSegment(basename(linkPath)) !== undefined;
  if (isDataFile || linkPath.endsWith("/")) {
    const reason = isDataFile ? "is the name of a data file" : "names a folder";
    throw new DataFolderError(
      `Tallymark needs a name for its link, and ${linkPath} ${reason}. Set METRICS_JSONL to a path such as ./data/metrics.jsonl.`,
    );
  }
  const found = await disk.lstat(linkPath).catch(ignoreMissing);
  if (found?.isDirectory()) {
    throw new DataFolderError(
      `Tallymark needs ${linkPath} for its link, and that is a folder. Set METRICS_JSONL to a path in it, such as ${linkPath}/metrics.jsonl.`,
    );
  }
}

/**
 * A plain file where the link belongs is somebody's data: it is kept as `metrics.jsonl.old`.
 * @returns the new path, or `undefined` where nothing was in the way
 * @throws DataFolderError where an earlier one is kept under that name
 */
export async function keepPlainFile(linkPath: string): Promise<string | undefined> {
  const found = await disk.lstat(linkPath).catch(ignoreMissing);
  if (!found || found.isSymbolicLink()) return undefined;
  const kept = `${linkPath}.old`;
  if (await disk.lstat(kept).catch(ignoreMissing)) {
    throw new DataFolderError(
      `Tallymark needs ${linkPath} for its link, and both a plain file of that name and ${kept} exist. Move one of them away.`,
    );
  }
  await disk.rename(linkPath, kept);
  return kept;
}
