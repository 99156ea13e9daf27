import { join } from "node:path";
import { disk, type FileHandle } from "../disk/disk.ts";
import { syncFolder } from "../disk/sync-folder.ts";

/** Bytes of the newest file that are read again at start, to refill the ring and the ids seen. */
const TAIL_BYTES = 4_194_304;

const NEWLINE = 0x0a;

/** What a start found at the end of the file that was being written. */
export interface RecoveredTail {
  /** Bytes of a torn end that were set aside; 0 after a clean stop. */
  readonly tornBytes: number;
  /** The last whole lines, oldest first. */
  readonly lines: readonly string[];
}

/**
 * Reads the end of a file and sets a torn last line aside: whatever follows the last whole, parsable line is moved to
 * `<file>.torn`, so that it is never parsed and never lost silently.
 */
export async function recoverTail(dataDir: string, name: string): Promise<RecoveredTail> {
  const path = join(dataDir, name);
  const file = await disk.open(path, "r+");
  try {
    const { size } = await file.stat();
    const { start, tail, whole } = await readTail(file, size);
    const torn = tail.subarray(whole);
    if (torn.length > 0) {
      await setAside(dataDir, `${name}.torn`, torn);
      await file.truncate(start + whole);
      await file.sync();
    }
    return { tornBytes: torn.length, lines: splitLines(tail.subarray(0, whole), start > 0) };
  } finally {
    await file.close();
  }
}

/** Reads further back where a torn end fills all it has read: cutting there would cut through a whole line. */
async function readTail(file: FileHandle, size: number): Promise<{ start: number; tail: Buffer; whole: number }> {
  for (let tailBytes = TAIL_BYTES; ; tailBytes *= 2) {
    const start = Math.max(0, size - tailBytes);
    const tail = await readRange(file, start, size);
    const whole = wholeLinesLength(tail);
    if (whole > 0 || start === 0) return { start, tail, whole };
  }
}

/** How many leading bytes are whole lines. A last line that does not parse (a hole after a power loss) counts as torn. */
function wholeLinesLength(bytes: Buffer): number {
  let end = bytes.lastIndexOf(NEWLINE) + 1;
  while (end > 0) {
    const lineStart = bytes.subarray(0, end - 1).lastIndexOf(NEWLINE) + 1;
    if (isJson(bytes.toString("utf8", lineStart, end - 1))) return end;
    end = lineStart;
  }
  return 0;
}

function splitLines(bytes: Buffer, startsMidLine: boolean): string[] {
  const lines = bytes.toString("utf8").split("\n");
  lines.pop();
  return startsMidLine ? lines.slice(1) : lines;
}

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

async function setAside(dataDir: string, name: string, bytes: Buffer): Promise<void> {
  const file = await disk.open(join(dataDir, name), "a", 0o640);
  try {
    await file.appendFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  await syncFolder(dataDir);
}

async function readRange(file: FileHandle, start: number, end: number): Promise<Buffer> {
  const bytes = Buffer.alloc(end - start);
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, start + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}
