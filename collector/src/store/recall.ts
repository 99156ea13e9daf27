import { join } from "node:path";
import { ignoreMissing } from "../disk/ignore-missing.ts";
import { findIds } from "../segments/find-ids.ts";
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
  /** Called with each of them and a few more, those of newer events first, but for a thousand or two. */
  readonly onId: (id: string) => void;
}

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
