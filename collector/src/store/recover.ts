import { join } from "node:path";
import { disk, type FileHandle } from "../disk/disk.ts";
import { ignoreMissing } from "../disk/ignore-missing.ts";
import { syncFolder } from "../disk/sync-folder.ts";
import { listSegments } from "../segments/list-segments.ts";
import { readLiveLink } from "../segments/live-link.ts";
import { readAt } from "../segments/read-blocks.ts";

/** Bytes of a file's end that are looked at first; more where they hold no whole line. */
const TAIL_BYTES = 262_144;

const NEWLINE = 0x0a;

/**
 * Sets torn last lines aside, in the file the link names and in the newest two: a crash can only have torn these.
 * @returns how many bytes that were
 */
export async function recoverTails(dataDir: string, linkPath: string): Promise<number> {
  const plain = (await listSegments(dataDir)).filter(({ kind }) => kind === "plain").map(({ name }) => name);
  const linked = await readLiveLink(linkPath);
  const names = plain.filter((name, index) => name === linked || index >= plain.length - 2);
  let tornBytes = 0;
  for (const name of names) {
    // A rotator beside us may just have compressed it: then it is closed, and whole.
    tornBytes += (await recoverTail(dataDir, name).catch(ignoreMissing)) ?? 0;
  }
  return tornBytes;
}

/**
 * Moves whatever follows a file's last whole, parsable line to `<file>.torn`, so that it is never parsed and never lost
 * silently.
 * @returns how many bytes that were; 0 after a clean stop
 */
export async function recoverTail(dataDir: string, name: string): Promise<number> {
  const file = await disk.open(join(dataDir, name), "r+");
  try {
    const { size } = await file.stat();
    const { whole, torn } = await readTornEnd(file, size);
    if (torn.length > 0) {
      await setAside(dataDir, `${name}.torn`, torn);
      await file.truncate(whole);
    }
    // Its whole lines may be those of a process that was killed before they were on the disk. From now on a retry of them
    // is acknowledged as stored, so now they must be.
    await file.sync();
    return torn.length;
  } finally {
    await file.close();
  }
}

/** Reads further back where a torn end fills all it has read: cutting there would cut through a whole line. */
async function readTornEnd(file: FileHandle, size: number): Promise<{ whole: number; torn: Buffer }> {
  for (let tailBytes = TAIL_BYTES; ; tailBytes *= 2) {
    const start = Math.max(0, size - tailBytes);
    const tail = await readAt(file, start, size - start);
    const whole = wholeLinesLength(tail);
    if (whole > 0 || start === 0) return { whole: start + whole, torn: tail.subarray(whole) };
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
