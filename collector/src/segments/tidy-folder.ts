import { join } from "node:path";
import { codeOf } from "../disk/data-folder-error.ts";
import { disk } from "../disk/disk.ts";
import { UNFINISHED } from "../disk/replace-file.ts";
import { syncFolder } from "../disk/sync-folder.ts";
import { fingerprintOf, isSame } from "./fingerprint.ts";
import { parseSegment } from "./segment.ts";

/** Why a file and its `.gz` could not be made one, by the bare name of the plain file. */
export type TidyFaults = ReadonlyMap<string, unknown>;

/**
 * Clears away what killed runs have left: unfinished copies, whose originals are still there, and a plain file beside its
 * finished `.gz`, which would count twice. First step of whoever holds the maintenance lock; nobody else may call it.
 * @param live bare name of the file being written, which is left alone
 */
export async function tidyFolder(dataDir: string, live: string | undefined): Promise<TidyFaults> {
  const faults = new Map<string, unknown>();
  const names = new Set(await disk.readdir(dataDir));
  for (const name of names) {
    if (UNFINISHED.test(name)) await disk.unlink(join(dataDir, name)).catch(() => {});
    const isPair = parseSegment(name)?.kind === "plain" && names.has(`${name}.gz`);
    if (!isPair || name === live) continue;
    try {
      await settlePair(dataDir, name);
    } catch (error) {
      faults.set(name, error);
    }
  }
  return faults;
}

/** The copy is kept if it is whole, else the original: it was not deleted because nobody knew yet. */
async function settlePair(dataDir: string, name: string): Promise<void> {
  const path = join(dataDir, name);
  const copy = await fingerprintOf(`${path}.gz`).catch(undefinedIfDamaged);
  if (copy && !isSame(copy, await fingerprintOf(path))) throw new PairError(name);
  await disk.unlink(copy ? path : `${path}.gz`);
  await syncFolder(dataDir);
}

/** What differs came from elsewhere: nobody but its owner can say which of the two is wanted. */
class PairError extends Error {
  override readonly name = "PairError";
  readonly code = "pair_differs";

  constructor(name: string) {
    super(`${name} and ${name}.gz hold different lines. Only the first counts; move one of them away.`);
  }
}

/** An error of the disk says nothing of the file's content. */
function undefinedIfDamaged(error: unknown): undefined {
  if (/^E[A-Z]+$/.test(codeOf(error))) throw error;
}
