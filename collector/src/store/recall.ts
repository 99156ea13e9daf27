import { join } from "node:path";
import { ignoreMissing } from "../disk/ignore-missing.ts";
import { listSegments } from "../segments/list-segments.ts";
import { readBack } from "./read-back.ts";

/** What a start reads back of what was stored, so that a restart loses neither the live view nor the memory for retries. */
export interface RecallOptions {
  /** Newest lines wanted. */
  readonly lines: number;
  /** Called with each of them, oldest first. */
  readonly onLine: (line: string) => void;
  /** Ids wanted, of the newest events. */
  readonly ids: number;
  /** Called with each of them, in no order, and with a few more. */
  readonly onId: (id: string) => void;
}

/** How our lines begin. An id holds no character that JSON escapes. */
const ID_START = Buffer.from('{"id":"');

const NEWLINE = 0x0a;
const QUOTE = 0x22;

/** Reads the newest plain files backwards, the live one and closed ones, until enough is found. Compressed ones are old. */
export async function recall(dataDir: string, { lines, onLine, ids, onId }: RecallOptions): Promise<void> {
  const files = (await listSegments(dataDir)).filter(({ kind }) => kind === "plain").reverse();
  let newest: string[] = [];
  let idsFound = 0;
  for (const { name } of files) {
    // A rotator beside us may have compressed it meanwhile.
    await readFile(join(dataDir, name)).catch(ignoreMissing);
    if (isEnough()) break;
  }
  for (const line of newest) onLine(line);

  async function readFile(path: string): Promise<void> {
    for await (const block of readBack(path)) {
      if (newest.length < lines) newest = [...lastLines(block, lines - newest.length), ...newest];
      if (idsFound < ids) idsFound += findIds(block, onId);
      if (isEnough()) return;
    }
  }

  function isEnough(): boolean {
    return newest.length >= lines && idsFound >= ids;
  }
}

function lastLines(block: Buffer, count: number): string[] {
  return block.toString("utf8").trimEnd().split("\n").slice(-count);
}

/** @returns how many there were */
function findIds(block: Buffer, onId: (id: string) => void): number {
  let count = 0;
  for (let start = 0; start < block.length; ) {
    const end = block.indexOf(NEWLINE, start);
    const id = beginsAsOurs(block, start) ? readId(block, start + ID_START.length, end) : parseId(block, start, end);
    if (id !== undefined) {
      onId(id);
      count += 1;
    }
    start = end + 1;
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
function readId(block: Buffer, start: number, lineEnd: number): string | undefined {
  let end = start;
  while (end < lineEnd && block[end] !== QUOTE) end += 1;
  return end < lineEnd ? block.toString("latin1", start, end) : undefined;
}

function parseId(block: Buffer, start: number, end: number): string | undefined {
  try {
    const id: unknown = JSON.parse(block.toString("utf8", start, end)).id;
    return typeof id === "string" ? id : undefined;
  } catch {
    return undefined;
  }
}
