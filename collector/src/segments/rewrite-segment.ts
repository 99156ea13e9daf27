import { disk, type FileHandle } from "../disk/disk.ts";
import { replaceFile } from "../disk/replace-file.ts";
import { writeAll } from "../disk/write-all.ts";
import { isGzip, MEMBER_BYTES, packMember, unpackMember } from "./gzip-member.ts";
import { lineEnd } from "./lines.ts";
import { readAt, readBlocks } from "./read-blocks.ts";
import { workAhead } from "./work-ahead.ts";

/** What becomes of a line, newline included: the same buffer keeps it, another replaces it, `undefined` removes it. */
export type EditLine = (line: Buffer) => Buffer | undefined;

export interface RewriteOptions {
  /** Tells by a look at many lines at once that none of them changes: most blocks are passed over so. */
  readonly concerns: (lines: Buffer) => boolean;
  /** Asked more than once for the same line, and must then say the same. */
  readonly edit: EditLine;
  /** zlib's, for what has to be compressed again, 1 (fast) to 9 (small). */
  readonly level: number;
  /** Told once of each line that changes, in any order. It counts only if the rewriting succeeds. */
  readonly onChange?: (line: Buffer) => void;
  /** Ends it between two blocks: the file stays as it was, and the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

export interface Rewritten {
  readonly removed: number;
  readonly changed: number;
}

/** Where a block lies that changes; the bytes between two of them are copied as they are, unopened. */
interface Place {
  readonly offset: number;
  readonly bytes: number;
}

/**
 * Edits the lines of a closed data file, compressed or not, in constant memory and atomically: readers and crashes see
 * the old file or the new one. A file in which nothing changes is not touched; one that loses all its lines stays, empty,
 * because its name must not be given again. Blocks in which nothing changes are copied as they are.
 */
export async function rewriteSegment(path: string, options: RewriteOptions): Promise<Rewritten> {
  const places = await findChanges(path, options);
  if (places === "none") return { removed: 0, changed: 0 };
  let removed = 0;
  let changed = 0;
  await replaceFile(path, async (to) => {
    const from = await disk.open(path, "r");
    try {
      const isCompressed = isGzip(await readAt(from, 0, 2));
      const editBlock = async (lines: Buffer): Promise<Buffer> => {
        options.signal?.throwIfAborted();
        const edited = editLines(lines, options);
        removed += edited.removed;
        changed += edited.changed;
        return isCompressed && edited.lines.length > 0 ? packMember(edited.lines, options.level) : edited.lines;
      };
      if (places === "all") {
        const blocks = workAhead(readBlocks(path), ({ lines }) => editBlock(lines));
        for await (const block of blocks) await writeAll(to, block);
      } else {
        await copyAround(from, to, places, editBlock);
      }
      // No bytes at all would not be gzip.
      const isEmpty = (await to.stat()).size === 0;
      if (isCompressed && isEmpty) await writeAll(to, await packMember(Buffer.alloc(0), options.level));
    } finally {
      await from.close();
    }
  });
  return { removed, changed };
}

/** `all` where what is stored cannot be copied in parts, as of a `.gz` that others have made. */
async function findChanges(path: string, options: RewriteOptions): Promise<readonly Place[] | "all" | "none"> {
  const places: Place[] = [];
  for await (const { lines, stored, offset } of readBlocks(path)) {
    options.signal?.throwIfAborted();
    if (!hasChange(lines, options)) continue;
    if (!stored) return "all";
    places.push({ offset, bytes: stored.length });
  }
  return places.length > 0 ? places : "none";
}

async function copyAround(
  from: FileHandle,
  to: FileHandle,
  places: readonly Place[],
  editBlock: (lines: Buffer) => Promise<Buffer>,
): Promise<void> {
  const blocks = workAhead(places, async (place) => {
    const stored = await readAt(from, place.offset, place.bytes);
    return { ...place, edited: await editBlock(isGzip(stored) ? await unpackMember(stored) : stored) };
  });
  let copied = 0;
  for await (const { offset, bytes, edited } of blocks) {
    await copyBytes(from, to, copied, offset);
    await writeAll(to, edited);
    copied = offset + bytes;
  }
  await copyBytes(from, to, copied, Number.POSITIVE_INFINITY);
}

async function copyBytes(from: FileHandle, to: FileHandle, start: number, end: number): Promise<void> {
  for (let offset = start; offset < end; ) {
    const chunk = await readAt(from, offset, Math.min(MEMBER_BYTES, end - offset));
    if (chunk.length === 0) return;
    await writeAll(to, chunk);
    offset += chunk.length;
  }
}

function hasChange(lines: Buffer, { concerns, edit }: RewriteOptions): boolean {
  if (!concerns(lines)) return false;
  for (let start = 0; start < lines.length; ) {
    const end = lineEnd(lines, start);
    const line = lines.subarray(start, end);
    if (edit(line) !== line) return true;
    start = end;
  }
  return false;
}

function editLines(
  lines: Buffer,
  { concerns, edit, onChange }: RewriteOptions,
): Rewritten & { readonly lines: Buffer } {
  if (!concerns(lines)) return { lines, removed: 0, changed: 0 };
  const kept: Buffer[] = [];
  let removed = 0;
  let changed = 0;
  for (let start = 0; start < lines.length; ) {
    const end = lineEnd(lines, start);
    const line = lines.subarray(start, end);
    const edited = edit(line);
    if (edited) kept.push(edited);
    if (!edited) removed += 1;
    else if (edited !== line) changed += 1;
    if (edited !== line) onChange?.(line);
    start = end;
  }
  return { lines: Buffer.concat(kept), removed, changed };
}
