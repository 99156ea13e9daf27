import { join } from "node:path";
import { codeOf } from "../disk/data-folder-error.ts";
import { disk } from "../disk/disk.ts";
import { rewriteSegment } from "../segments/rewrite-segment.ts";
import { parseSegment } from "../segments/segment.ts";
import { tidyFolder } from "../segments/tidy-folder.ts";
import { editLine, fateOf, mentionsAny } from "./edit-lines.ts";
import type { Erasure } from "./erasure-records.ts";

/** Of what is compressed again, a block here and there: 5 % larger than at 6, in half the time. */
const LEVEL = 3;

export interface EraseFilesOptions {
  readonly dataDir: string;
  /** Bare name of the file that is being written, which nobody else may touch; `undefined` where none is. */
  readonly live: string | undefined;
  /** Bare name of what stood in the link's place before the first start; it may not be there. */
  readonly old: string;
  readonly signal?: AbortSignal;
  /** Before each file. */
  readonly onFile?:
    | ((progress: { readonly name: string; readonly index: number; readonly of: number }) => void)
    | undefined;
  /** After each file that has changed: the counts have grown. */
  readonly onChanged: (erasures: readonly Erasure[]) => Promise<void>;
}

/** A file that could not be rewritten; the others were. */
export interface FailedFile {
  readonly name: string;
  readonly error: unknown;
}

/**
 * Takes visitors out of every closed file, plain, compressed and torn. Whoever calls this holds the maintenance lock: the
 * copies that others have left unfinished are removed first, since the visitors may be in there.
 */
export async function eraseFiles(erasures: readonly Erasure[], options: EraseFilesOptions): Promise<FailedFile[]> {
  const { dataDir, live, old, signal, onFile, onChanged } = options;
  await tidyFolder(dataDir, live);
  // Not `listSegments`: where a file and its .gz differ, the visitor is taken out of both.
  const present = await disk.readdir(dataDir);
  const names = present.filter((name) => (name === old || parseSegment(name) !== undefined) && name !== live).sort();
  const failed: FailedFile[] = [];
  for (const [index, name] of names.entries()) {
    onFile?.({ name, index, of: names.length });
    try {
      const changed = await eraseFile(join(dataDir, name), erasures, signal);
      if (changed.length > 0) await onChanged(changed);
    } catch (error) {
      signal?.throwIfAborted();
      // Deleted meanwhile, by hand: nothing is left of anybody.
      if (codeOf(error) !== "ENOENT") failed.push({ name, error });
    }
  }
  return failed;
}

/** Returns whom it concerned, their counts grown. */
async function eraseFile(path: string, erasures: readonly Erasure[], signal?: AbortSignal) {
  const removed = new Map<Erasure, number>();
  const redacted = new Map<Erasure, number>();
  await rewriteSegment(path, {
    concerns: (lines) => mentionsAny(lines, erasures),
    edit: (line) => editLine(line, erasures),
    onChange(line) {
      for (const erasure of erasures) {
        const fate = fateOf(line, erasure);
        if (fate === "removed") removed.set(erasure, (removed.get(erasure) ?? 0) + 1);
        if (fate === "redacted") redacted.set(erasure, (redacted.get(erasure) ?? 0) + 1);
      }
    },
    level: LEVEL,
    signal,
  });
  const concerned = erasures.filter((erasure) => removed.has(erasure) || redacted.has(erasure));
  for (const erasure of concerned) {
    const { ring, files, events, redacted: mentions } = erasure.erased;
    erasure.erased = {
      ring,
      files: files + 1,
      events: events + (removed.get(erasure) ?? 0),
      redacted: mentions + (redacted.get(erasure) ?? 0),
    };
  }
  return concerned;
}
