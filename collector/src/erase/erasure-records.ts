import { randomBytes } from "node:crypto";
import { dirname, join } from "node:path";
import { type ErasedCounts, type ErasureAnswer, IDENTIFIER } from "@tallymark/sdk/protocol";
import { codeOf } from "../disk/data-folder-error.ts";
import { disk } from "../disk/disk.ts";
import { replaceFile, UNFINISHED } from "../disk/replace-file.ts";
import { syncFolder } from "../disk/sync-folder.ts";
import type { Wish } from "./edit-lines.ts";
import { readText, writePrivately } from "./private-file.ts";

/** Receipts that are kept; the oldest go first. */
const MAX_RECEIPTS = 1000;

/** When it was asked for, to the millisecond, so that names sort by time, and what nobody guesses. */
const RECEIPT = /^\d{8}T\d{9}Z-[\w-]{22}$/;

/** An erasure that is not finished. */
export interface Erasure extends Wish {
  readonly receipt: string;
  /** What has been done of it so far. */
  erased: ErasedCounts;
}

export interface ErasureRecords {
  /** The erasures that an end of the process has left unfinished, oldest first. */
  open(): Promise<Erasure[]>;
  /** On the disk when it resolves. */
  create(wish: Wish): Promise<Erasure>;
  /** Makes the counts of an unfinished one durable. */
  save(erasure: Erasure): Promise<void>;
  /** Writes the receipt, then removes the request, and with it the ids. */
  finish(erasure: Erasure): Promise<ErasureAnswer>;
  /** `undefined` where there is no such receipt, or none any more. */
  find(receipt: string): Promise<ErasureAnswer | undefined>;
}

/**
 * Two kinds of files in a folder of their own: `<receipt>.request` holds the ids as long as there is something to do, so
 * that a crash forgets no wish; `<receipt>.json` is the receipt, with counts and nothing that leads to a visitor.
 * @param folder is made at first use
 */
export function createErasureRecords(folder: string, now: () => number): ErasureRecords {
  const requestPath = ({ receipt }: Pick<Erasure, "receipt">) => join(folder, `${receipt}.request`);
  const receiptPath = (receipt: string) => join(folder, `${receipt}.json`);

  return {
    async open() {
      const names = await namesIn(folder);
      for (const name of names) if (UNFINISHED.test(name)) await disk.unlink(join(folder, name));
      const unfinished: Erasure[] = [];
      for (const name of names.filter((name) => name.endsWith(".request")).sort()) {
        const receipt = name.slice(0, -".request".length);
        const erasure = parseRequest(receipt, await readText(join(folder, name)));
        if (erasure && !names.includes(`${receipt}.json`)) unfinished.push(erasure);
        else await disk.unlink(join(folder, name));
      }
      return unfinished;
    },

    async create({ ids, redacts }) {
      await makeFolder();
      const receipt = `${new Date(now()).toISOString().replace(/[-:.]/g, "")}-${randomBytes(16).toString("base64url")}`;
      const erasure = { receipt, ids, redacts, erased: { ring: 0, files: 0, events: 0, redacted: 0 } };
      await this.save(erasure);
      return erasure;
    },

    async save(erasure) {
      const { ids, redacts, erased } = erasure;
      const text = `${JSON.stringify({ ids, redacts, erased })}\n`;
      await replaceFile(requestPath(erasure), (file) => writePrivately(file, text));
    },

    async finish(erasure) {
      const { receipt, erased } = erasure;
      const answer: ErasureAnswer = { ok: true, receipt, status: "done", erased };
      const text = `${JSON.stringify({ ...answer, finished_at: new Date(now()).toISOString() })}\n`;
      await replaceFile(receiptPath(receipt), (file) => writePrivately(file, text));
      await disk.unlink(requestPath(erasure));
      await syncFolder(folder);
      await removeOldReceipts();
      return answer;
    },

    async find(receipt) {
      if (!RECEIPT.test(receipt)) return undefined;
      const text = await readText(receiptPath(receipt));
      return text ? JSON.parse(text) : undefined;
    },
  };

  /** A file is as durable as the names of all folders above it. */
  async function makeFolder(): Promise<void> {
    const isNew = (await disk.mkdir(folder, { recursive: true, mode: 0o750 })) !== undefined;
    if (!isNew) return;
    await syncFolder(dirname(folder));
    await syncFolder(dirname(dirname(folder)));
  }

  async function removeOldReceipts(): Promise<void> {
    const names = (await disk.readdir(folder)).filter((name) => name.endsWith(".json")).sort();
    for (const name of names.slice(0, -MAX_RECEIPTS)) await disk.unlink(join(folder, name)).catch(() => {});
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await disk.readdir(folder);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return [];
    throw error;
  }
}

/** Written whole or not at all, so what does not fit is not ours. */
function parseRequest(receipt: string, text: string): Erasure | undefined {
  try {
    const { ids, redacts, erased } = JSON.parse(text);
    const isOurs = RECEIPT.test(receipt) && Array.isArray(ids) && ids.every((id) => IDENTIFIER.test(String(id)));
    return isOurs ? { receipt, ids: ids.map(String), redacts: redacts === true, erased } : undefined;
  } catch {
    return undefined;
  }
}
