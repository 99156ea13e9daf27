import { disk } from "../disk/disk.ts";

const NEWLINE = 0x0a;

/** Bytes read at once. */
const BLOCK_BYTES = 1_048_576;

/**
 * Reads a plain data file from its end to its beginning in constant memory: blocks of whole lines, newest block first, the
 * lines of a block in the file's order. Each is valid until the next is asked for. A torn last line is left out.
 */
export async function* readBack(path: string): AsyncGenerator<Buffer> {
  const file = await disk.open(path, "r");
  try {
    let { size: start } = await file.stat();
    let buffer = Buffer.allocUnsafe(2 * BLOCK_BYTES);
    /** The end of a line whose beginning lies in the next block. */
    let rest = Buffer.alloc(0);
    while (start > 0) {
      const bytes = Math.min(BLOCK_BYTES, start);
      start -= bytes;
      const length = bytes + rest.length;
      if (length > buffer.length) buffer = Buffer.allocUnsafe(2 * length);
      const { bytesRead } = await file.read(buffer, 0, bytes, start);
      if (bytesRead < bytes) throw new Error("the file was cut while it was read");
      rest.copy(buffer, bytes);
      const block = buffer.subarray(0, length);
      const end = block.lastIndexOf(NEWLINE) + 1;
      // Up to the first newline it may be the end of a line. Where there is none, it is the middle of one.
      const firstLine = start === 0 ? 0 : block.indexOf(NEWLINE) + 1;
      if (end > firstLine) yield block.subarray(firstLine, end);
      rest = Buffer.from(block.subarray(0, start > 0 && end === 0 ? length : firstLine));
    }
  } finally {
    await file.close();
  }
}
