import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { disk, type FileHandle } from "../disk/disk.ts";
import { isGzip, MEMBER_BYTES, MEMBER_HEADER_BYTES, parseMemberHeader, unpackMember } from "./gzip-member.ts";
import { workAhead } from "./work-ahead.ts";

const NEWLINE = 0x0a;

/** Read and unpacked at a time, of what others have compressed. */
const FOREIGN_CHUNK_BYTES = 262_144;

/** Members that are decompressed ahead, in the thread pool, while the one before is being looked at. */
const AHEAD = 2;

/** Room for the rest of a line. */
const SPARE_BYTES = 65_536;

/** A run of whole lines of a data file, about 1 MiB of them. */
export interface Block {
  /** Each line ends in a newline, but for the file's last where that is torn. */
  readonly lines: Buffer;
  /** The same as it lies on the disk, where it can be copied without compressing it again. */
  readonly stored: Buffer | undefined;
  /** Byte at which `stored` begins. */
  readonly offset: number;
}

export interface ReadOptions {
  /**
   * A block is only good until the next is asked for (default false). Node lets dead buffers pile up to 32 MB before it
   * collects them: whoever looks at each block once and keeps none spares that.
   */
  readonly reusesMemory?: boolean;
}

/**
 * Reads a data file in constant memory; its first bytes say whether it is compressed, and whether by us.
 * @param end bytes to read at most: where a plain file is being written, what was whole when it was asked for
 * @throws Error where it cannot be read, or a compressed one is damaged
 */
export async function* readBlocks(
  path: string,
  end = Number.POSITIVE_INFINITY,
  { reusesMemory = false }: ReadOptions = {},
): AsyncGenerator<Block> {
  const take = reusesMemory ? takeTheSame() : takeNew;
  const file = await disk.open(path, "r");
  try {
    const head = await readAt(file, 0, MEMBER_HEADER_BYTES);
    if (!isGzip(head) && path.endsWith(".gz")) throw new Error("it does not begin as gzip does");
    if (!isGzip(head)) yield* storedBlocks(file, end, take);
    else if (parseMemberHeader(head)) yield* memberBlocks(file, take, reusesMemory ? 0 : AHEAD);
    else yield* foreignBlocks(file);
  } finally {
    await file.close();
  }
}

async function* memberBlocks(file: FileHandle, take: TakeBuffer, ahead: number): AsyncGenerator<Block> {
  const unpack = async ({ stored, offset }: Member) => ({ lines: await unpackMember(stored), stored, offset });
  yield* workAhead(members(file, take), unpack, ahead);
}

interface Member {
  readonly stored: Buffer;
  readonly offset: number;
}

async function* members(file: FileHandle, take: TakeBuffer): AsyncGenerator<Member> {
  const { size } = await file.stat();
  for (let offset = 0; ; ) {
    const head = await readAt(file, offset, MEMBER_HEADER_BYTES);
    if (head.length === 0) return;
    const header = parseMemberHeader(head);
    if (!header) throw new Error(`no gzip member of ours at byte ${offset}`);
    // Asked before it is read: a damaged header may claim gigabytes.
    if (header.bytes > size - offset) throw new Error(`the gzip member at byte ${offset} is cut off`);
    const stored = take(header.bytes);
    await readInto(file, stored, offset);
    yield { stored, offset };
    offset += header.bytes;
  }
}

/** Reads straight behind what the block before has left of its last line: one buffer for each block, and no copies. */
async function* storedBlocks(file: FileHandle, end: number, take: TakeBuffer): AsyncGenerator<Block> {
  let rest: Buffer = Buffer.alloc(0);
  for (let offset = 0; ; ) {
    const from = offset + rest.length;
    const buffer = take(rest.length + Math.max(0, Math.min(MEMBER_BYTES, end - from)));
    rest.copy(buffer);
    const all = buffer.subarray(0, rest.length + (await readInto(file, buffer.subarray(rest.length), from)));
    const isEnd = all.length === rest.length;
    const lines = all.subarray(0, isEnd ? all.length : all.lastIndexOf(NEWLINE) + 1);
    if (lines.length > 0) yield { lines, stored: lines, offset };
    if (isEnd) return;
    offset += lines.length;
    rest = all.subarray(lines.length);
  }
}

async function* foreignBlocks(file: FileHandle): AsyncGenerator<Block> {
  let parts: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of gunzipped(file)) {
    const end = chunk.lastIndexOf(NEWLINE) + 1;
    parts.push(chunk);
    bytes += chunk.length;
    if (end === 0 || bytes < MEMBER_BYTES) continue;
    const all = Buffer.concat(parts);
    yield { lines: all.subarray(0, all.length - chunk.length + end), stored: undefined, offset: 0 };
    parts = [chunk.subarray(end)];
    bytes = chunk.length - end;
  }
  if (bytes > 0) yield { lines: Buffer.concat(parts), stored: undefined, offset: 0 };
}

function gunzipped(file: FileHandle): AsyncIterable<Buffer> {
  // The callback is there for its errors, which also end the iteration.
  return pipeline(bytesOf(file), createGunzip({ chunkSize: FOREIGN_CHUNK_BYTES }), () => {});
}

async function* bytesOf(file: FileHandle): AsyncGenerator<Buffer> {
  for (let offset = 0; ; ) {
    const chunk = await readAt(file, offset, FOREIGN_CHUNK_BYTES);
    if (chunk.length === 0) return;
    yield chunk;
    offset += chunk.length;
  }
}

type TakeBuffer = (bytes: number) => Buffer;

function takeNew(bytes: number): Buffer {
  return Buffer.allocUnsafe(bytes);
}

function takeTheSame(): TakeBuffer {
  let same = Buffer.alloc(0);
  return (bytes) => {
    if (same.length < bytes) same = Buffer.allocUnsafe(Math.max(bytes, MEMBER_BYTES + SPARE_BYTES));
    return same.subarray(0, bytes);
  };
}

/** Reads up to so many bytes; fewer only at the file's end. */
export async function readAt(file: FileHandle, offset: number, bytes: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(bytes);
  return buffer.subarray(0, await readInto(file, buffer, offset));
}

/** Fills a buffer; returns how many bytes there were. */
async function readInto(file: FileHandle, buffer: Buffer, offset: number): Promise<number> {
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}
