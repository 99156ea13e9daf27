import { join } from "node:path";
import { disk } from "../disk/disk.ts";
import { ignoreMissing } from "../disk/ignore-missing.ts";
import { listSegments } from "../segments/list-segments.ts";
import { type Block, readBlocks } from "../segments/read-blocks.ts";
import { linesOfVisitor } from "./visitor-lines.ts";

export interface ExportOptions {
  readonly dataDir: string;
  /** Name of the link to the live file; what stood in its place before is kept beside it as `.old`. */
  readonly linkName: string;
  readonly id: string;
  /** Before each file. */
  readonly onFile?: (progress: { readonly name: string; readonly index: number; readonly of: number }) => void;
  /** A file that cannot be read or is damaged (default: the export fails). */
  readonly onFailure?: (failure: { readonly name: string; readonly error: unknown }) => void;
}

/**
 * The lines of a visitor as they are stored, oldest first, from every data file and as far as the live one is whole now.
 * Reads files only, in constant memory and no faster than it is asked for more. Yields runs of whole lines.
 */
export async function* exportVisitor(options: ExportOptions): AsyncGenerator<Buffer, void> {
  const { dataDir, linkName, id, onFile, onFailure } = options;
  const segments = (await listSegments(dataDir)).filter(({ kind }) => kind !== "torn").map(({ name }) => name);
  const names = [`${linkName}.old`, ...segments];
  for (const [index, name] of names.entries()) {
    onFile?.({ name, index, of: names.length });
    try {
      for await (const { lines } of openBlocks(join(dataDir, name))) {
        const found = linesOfVisitor(lines, [id]);
        if (found.length > 0) yield found;
      }
    } catch (error) {
      if (!onFailure) throw error;
      onFailure({ name, error });
    }
  }
}

/** A file that goes while we read the ones before was compressed, or has had its time. */
async function* openBlocks(path: string): AsyncGenerator<Block> {
  for (const candidate of [path, `${path}.gz`]) {
    const found = await disk.stat(candidate).catch(ignoreMissing);
    if (!found) continue;
    yield* readBlocks(candidate, found.size);
    return;
  }
}
