import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { disk, type FileHandle } from "../disk/disk.ts";
import { isGzip, MEMBER_BYTES, MEMBER_HEADER_BYTES, parseMemberHeader, unpackMember } from "./gzip-member.ts";

const NEWLINE = 0x0a;

/** A run of whole lines of a data file, about 1 MiB of them. */
export interface Block {
  /** Each line ends in a newline, but for the file's last where that is torn. */
  readonly lines: Buffer;
  /** The same as it lies on the disk, where it can be copied without compressing it again. */
  readonly stored: Buffer | undefined;
}

/**
 * Reads a data file in constant memory; its first bytes say whether it is compressed, and whether by us.
 * @param end bytes to read at most: where a plain file is being written, what was whole when it was asked for
 * @throws Error where it cannot be read, or a compressed one is damaged
 */
export async function* readBlocks(path: string, end = Number.POSITIVE_INFINITY): AsyncGenerator<Block> {
  const file = await disk.open(path, "r");
  try {
    const head = await readAt(file, 0, MEMBER_HEADER_BYTES);
    if (!isGzip(head)) yield* plainBlocks(bytesOf(file, end), true);
    else if (parseMemberHeader(head)) yield* memberBlocks(file);
    else yield* plainBlocks(gunzipped(file), false);
  } finally {
    await file.close();
  }
}

async function* memberBlocks(file: FileHandle): AsyncGenerator<Block> {
  for (let offset = 0; ; ) {
    const head = await readAt(file, offset, MEMBER_HEADER_BYTES);
    if (head.length === 0) return;
    const header = parseMemberHeader(head);
    if (!header) throw new Error(`no gzip member of ours at byte ${offset}`);
    const stored = await readAt(file, offset, header.bytes);
    if (stored.length < header.bytes) throw new Error(`the gzip member at byte ${offset} is cut off`);
    yield { lines: await unpackMember(stored), stored };
    offset += header.bytes;
  }
}

async function* plainBlocks(chunks: AsyncIterable<Buffer>, isStored: boolean): AsyncGenerator<Block> {
  let rest: Buffer[] = [];
  let restBytes = 0;
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(NEWLINE) + 1;
    rest.push(chunk);
    restBytes += chunk.length;
    if (end === 0 || restBytes < MEMBER_BYTES) continue;
    const all = Buffer.concat(rest);
    const lines = all.subarray(0, all.length - chunk.length + end);
    yield { lines, stored: isStored ? lines : undefined };
    rest = [chunk.subarray(end)];
    restBytes = chunk.length - end;
  }
  if (restBytes === 0) return;
  const lines = Buffer.concat(rest);
  yield { lines, stored: isStored ? lines : undefined };
}

async function* bytesOf(file: FileHandle, end: number): AsyncGenerator<Buffer> {
  for (let offset = 0; offset < end; ) {
    const chunk = await readAt(file, offset, Math.min(MEMBER_BYTES, end - offset));
    if (chunk.length === 0) return;
    yield chunk;
    offset += chunk.length;
  }
}

function gunzipped(file: FileHandle): AsyncIterable<Buffer> {
  // The callback is there for its errors, which also end the iteration.
  return pipeline(bytesOf(file, Number.POSITIVE_INFINITY), createGunzip(), () => {});
}

/** Reads up to so many bytes; fewer only at the file's end. */
async function readAt(file: FileHandle, offset: number, bytes: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(bytes);
  let filled = 0;
  while (filled < bytes) {
    const { bytesRead } = await file.read(buffer, filled, bytes - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}
