import { replaceFile } from "../disk/replace-file.ts";
import { writeAll } from "../disk/write-all.ts";
import { packMember } from "./gzip-member.ts";
import { lineEnd } from "./lines.ts";
import { type Block, readBlocks } from "./read-blocks.ts";

/** What becomes of a line, newline included: the same buffer keeps it, another replaces it, `undefined` removes it. */
export type EditLine = (line: Buffer) => Buffer | undefined;

export interface RewriteOptions {
  /** Tells by a look at many lines at once that none of them changes: most blocks are passed over so. */
  readonly concerns: (lines: Buffer) => boolean;
  readonly edit: EditLine;
  /** zlib's, for what has to be compressed again, 1 (fast) to 9 (small). */
  readonly level: number;
}

export interface Rewritten {
  readonly removed: number;
  readonly changed: number;
}

/**
 * Edits the lines of a closed data file, compressed or not, in constant memory and atomically: readers and crashes see
 * the old file or the new one. A file in which nothing changes is not touched; one that loses all its lines stays, empty,
 * because its name must not be given again. Blocks in which nothing changes are copied as they are.
 */
export async function rewriteSegment(path: string, options: RewriteOptions): Promise<Rewritten> {
  if (!(await hasChanges(path, options))) return { removed: 0, changed: 0 };
  const isCompressed = path.endsWith(".gz");
  let removed = 0;
  let changed = 0;
  await replaceFile(path, async (file) => {
    for await (const block of readBlocks(path)) {
      const edited = editBlock(block, options);
      removed += edited.removed;
      changed += edited.changed;
      const isSame = edited.removed + edited.changed === 0;
      if (isSame && block.stored) await writeAll(file, block.stored);
      else if (!isCompressed) await writeAll(file, edited.lines);
      else if (edited.lines.length > 0) await writeAll(file, await packMember(edited.lines, options.level));
    }
    // No bytes at all would not be gzip.
    const isEmpty = (await file.stat()).size === 0;
    if (isCompressed && isEmpty) await writeAll(file, await packMember(Buffer.alloc(0), options.level));
  });
  return { removed, changed };
}

async function hasChanges(path: string, options: RewriteOptions): Promise<boolean> {
  for await (const block of readBlocks(path)) {
    const { removed, changed } = editBlock(block, options);
    if (removed + changed > 0) return true;
  }
  return false;
}

function editBlock({ lines }: Block, { concerns, edit }: RewriteOptions): Rewritten & { readonly lines: Buffer } {
  if (!concerns(lines)) return { lines, removed: 0, changed: 0 };
  const kept: Buffer[] = [];
  let removed = 0;
  let changed = 0;
  for (let start = 0; start < lines.length; ) {
    const end = lineEnd(lines, start);
    const line = lines.subarray(start, end);
    const edited = edit(line);
    if (!edited) removed += 1;
    else {
      kept.push(edited);
      if (edited !== line) changed += 1;
    }
    start = end;
  }
  return { lines: Buffer.concat(kept), removed, changed };
}
