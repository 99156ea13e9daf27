import { lineEnd } from "./lines.ts";

/** How our lines begin. An id holds no character that JSON escapes. */
const ID_START = Buffer.from('{"id":"');

const QUOTE = 0x22;

/**
 * Finds the ids in whole lines of ours.
 * @param onId called with each of them, in order
 * @returns how many there were
 */
export function findIds(block: Buffer, onId: (id: string) => void): number {
  let count = 0;
  for (let start = 0; start < block.length; ) {
    const end = lineEnd(block, start);
    const id = beginsAsOurs(block, start) ? readId(block, start + ID_START.length, end) : parseId(block, start, end);
    if (id !== undefined) {
      onId(id);
      count += 1;
    }
    start = end;
  }
  return count;
}

function beginsAsOurs(block: Buffer, start: number): boolean {
  for (let index = 0; index < ID_START.length; index += 1) {
    if (block[start + index] !== ID_START[index]) return false;
  }
  return true;
}

/** Without parsing the line: that is the difference between a tenth of a second and a second. */
function readId(block: Buffer, start: number, limit: number): string | undefined {
  let end = start;
  while (end < limit && block[end] !== QUOTE) end += 1;
  return end < limit ? block.toString("latin1", start, end) : undefined;
}

function parseId(block: Buffer, start: number, end: number): string | undefined {
  try {
    const id: unknown = JSON.parse(block.toString("utf8", start, end)).id;
    return typeof id === "string" ? id : undefined;
  } catch {
    return undefined;
  }
}
