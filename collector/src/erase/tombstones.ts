import { createHmac, randomBytes } from "node:crypto";
import { join } from "node:path";
import { disk } from "../disk/disk.ts";
import { replaceFile, UNFINISHED } from "../disk/replace-file.ts";
import { syncFolder } from "../disk/sync-folder.ts";
import { writeAll } from "../disk/write-all.ts";
import { readText, writePrivately } from "./private-file.ts";

const KEY_BYTES = 32;

export interface TombstoneOptions {
  /** Of our own bookkeeping, `<data folder>/.tallymark`; it must be there. */
  readonly folder: string;
  /** How long a tombstone stands, in ms: as long as an event of that time would still be taken. */
  readonly lifetimeMs: number;
  readonly now: () => number;
}

/** Whose events are not taken any more. Of an id only a keyed hash is kept, from which nobody gets the id back. */
export interface Tombstones {
  /** Reads what stands; forgets what is over. */
  open(): Promise<void>;
  /** On the disk when it resolves, and in force. */
  add(ids: readonly string[]): Promise<void>;
  /** Costs nothing while there is no tombstone, else one HMAC. */
  has(id: string): boolean;
  readonly size: number;
  /** How often some were added: where it is the same, `has` says the same of everybody but those whose time is over. */
  readonly additions: number;
}

/**
 * `tombstones` has a line for each: HMAC-SHA256 of the id in base64url, and when it is over, in ms since 1970. The key is
 * random, made at first use, and lies beside it in `tombstone.key`: without it the hashes say nothing, even of an id that
 * somebody guesses.
 */
export function createTombstones({ folder, lifetimeMs, now }: TombstoneOptions): Tombstones {
  const path = join(folder, "tombstones");
  const keyPath = join(folder, "tombstone.key");
  /** Hash → when it is over. */
  const standing = new Map<string, number>();
  let key: Buffer | undefined;
  let additions = 0;

  return {
    get size() {
      return standing.size;
    },
    get additions() {
      return additions;
    },

    async open() {
      // Of a process that was killed while it wrote; the writer's lock is held, so nobody writes now.
      for (const name of await disk.readdir(folder)) if (UNFINISHED.test(name)) await disk.unlink(join(folder, name));
      key = await readKey(keyPath);
      const written = key ? await readText(path) : "";
      const at = now();
      for (const line of written.split("\n")) {
        const [, hash, until] = /^([\w-]{43}) (\d{1,16})$/.exec(line) ?? [];
        if (hash && Number(until) > at) standing.set(hash, Number(until));
      }
      // Also where a crash tore the last line: the next one must not continue it.
      if (textOf(standing) !== written) await replaceFile(path, (file) => writePrivately(file, textOf(standing)));
    },

    async add(ids) {
      key ??= await makeKey(keyPath);
      const at = now();
      const added = new Map(ids.map((id) => [hashOf(id), at + lifetimeMs]));
      const over = new Set([...standing.keys()].filter((hash) => (standing.get(hash) ?? 0) <= at || added.has(hash)));
      // Half of the file at most says nothing any more. Of two lines with the same hash the later one counts.
      if (standing.size > 0 && over.size * 2 < standing.size) await append(folder, path, textOf(added));
      else {
        const kept = [...standing].filter(([hash]) => !over.has(hash));
        await replaceFile(path, (file) => writePrivately(file, textOf(new Map([...kept, ...added]))));
      }
      for (const hash of over) standing.delete(hash);
      for (const [hash, until] of added) standing.set(hash, until);
      additions += 1;
    },

    has(id) {
      if (standing.size === 0) return false;
      const until = standing.get(hashOf(id));
      return until !== undefined && until > now();
    },
  };

  function hashOf(id: string): string {
    return createHmac("sha256", key ?? "")
      .update(id)
      .digest("base64url");
  }
}

function textOf(tombstones: ReadonlyMap<string, number>): string {
  return [...tombstones].map(([hash, until]) => `${hash} ${until}\n`).join("");
}

/** What cannot be written whole is cut off again, so that what comes later begins on a line of its own. */
async function append(folder: string, path: string, text: string): Promise<void> {
  const file = await disk.open(path, "a", 0o600);
  try {
    const { size } = await file.stat();
    try {
      await writeAll(file, Buffer.from(text));
      await file.sync();
    } catch (error) {
      await file.truncate(size).catch(() => {});
      throw error;
    }
    if (size === 0) await syncFolder(folder);
  } finally {
    await file.close();
  }
}

async function makeKey(path: string): Promise<Buffer> {
  const key = randomBytes(KEY_BYTES);
  await replaceFile(path, (file) => writePrivately(file, key.toString("base64url")));
  return key;
}

/** A key of another length is not ours; then a new one is made when there is need of it. */
async function readKey(path: string): Promise<Buffer | undefined> {
  const key = Buffer.from(await readText(path), "base64url");
  return key.length === KEY_BYTES ? key : undefined;
}
