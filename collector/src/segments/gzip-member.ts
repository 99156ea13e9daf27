import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { countLines } from "./lines.ts";

/**
 * A `.gz` of ours is a row of gzip members, each whole lines, which every reader of gzip takes for one stream (RFC 1952
 * §2.2). Each says in its header's extra field (§2.3.1.1) how long it is, so that one can be replaced, or skipped, without
 * touching the others.
 * @module
 */

/** Bytes of lines in one member: large enough to compress as well as one stream, small enough to hold in memory. */
export const MEMBER_BYTES = 1_048_576;

/** Bytes of a member's header: RFC 1952's ten, the length of the extra field, and our subfield. */
export const MEMBER_HEADER_BYTES = 24;

const PLAIN_HEADER_BYTES = 10;

/** No member is that long; what says so is damaged. */
const TOO_MANY_BYTES = 2 ** 30;
const FLAGS = 3;
const HAS_EXTRA_FIELD = 4;
const SUBFIELD_ID = "TM";

/**
 * zlib's output comes in pieces, each a trip to the thread pool and a buffer of its own; of 16 KiB by default, which cost
 * more than decompressing itself. So they hold a whole member, whose last line may reach over `MEMBER_BYTES`.
 */
const PACK_CHUNK_BYTES = 262_144;
const UNPACK_CHUNK_BYTES = MEMBER_BYTES + 65_536;

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** What a member's header says of it. */
export interface MemberHeader {
  /** Bytes of the whole member, header and trailer included. */
  readonly bytes: number;
  readonly lines: number;
}

/**
 * Compresses lines into one member.
 * @param level zlib's, 1 (fast) to 9 (small)
 */
export async function packMember(lines: Buffer, level: number): Promise<Buffer> {
  const plain = await compress(lines, { level, chunkSize: PACK_CHUNK_BYTES });
  const member = Buffer.alloc(plain.length + MEMBER_HEADER_BYTES - PLAIN_HEADER_BYTES);
  plain.copy(member, 0, 0, PLAIN_HEADER_BYTES);
  member[FLAGS] = HAS_EXTRA_FIELD;
  member.writeUInt16LE(MEMBER_HEADER_BYTES - PLAIN_HEADER_BYTES - 2, PLAIN_HEADER_BYTES);
  member.write(SUBFIELD_ID, 12, "latin1");
  member.writeUInt16LE(8, 14);
  member.writeUInt32LE(member.length, 16);
  member.writeUInt32LE(countLines(lines), 20);
  plain.copy(member, MEMBER_HEADER_BYTES, PLAIN_HEADER_BYTES);
  return member;
}

/** Whether these are the first bytes of gzip; a line of JSON never begins so. */
export function isGzip(bytes: Buffer): boolean {
  return bytes.length >= 2 && bytes.readUInt16BE(0) === 0x1f8b;
}

/** Reads a header that `packMember` has written; `undefined` for any other bytes, as of a file compressed by `gzip`. */
export function parseMemberHeader(bytes: Buffer): MemberHeader | undefined {
  if (bytes.length < MEMBER_HEADER_BYTES || !isGzip(bytes)) return undefined;
  const isOurs =
    bytes[FLAGS] === HAS_EXTRA_FIELD &&
    bytes.readUInt16LE(PLAIN_HEADER_BYTES) === MEMBER_HEADER_BYTES - PLAIN_HEADER_BYTES - 2 &&
    bytes.toString("latin1", 12, 14) === SUBFIELD_ID;
  const length = bytes.readUInt32LE(16);
  const isLikely = length > MEMBER_HEADER_BYTES && length < TOO_MANY_BYTES;
  return isOurs && isLikely ? { bytes: length, lines: bytes.readUInt32LE(20) } : undefined;
}

/**
 * The lines of a member.
 * @throws Error of zlib where a byte is wrong: each member carries a CRC-32 and its length
 */
export function unpackMember(member: Uint8Array): Promise<Buffer> {
  return decompress(member, { chunkSize: UNPACK_CHUNK_BYTES });
}
