import type { FileHandle } from "node:fs/promises";
import { basename } from "node:path";
import { disk } from "../src/disk/disk.ts";

/** One call of the file system that is about to be made. */
export interface DiskCall {
  /** Such as `rename`, or `write` of a file handle. */
  readonly method: string;
  /** The paths it names; of a handle's call, the path that was opened. */
  readonly paths: readonly string[];
  readonly args: readonly unknown[];
  /** The handle whose method it is. */
  readonly handle: FileHandle | undefined;
  /** Whether it changes the disk or makes a change durable, rather than looks or closes. */
  readonly isChange: boolean;
}

/** Makes the call itself, with other arguments where some are given. */
export type Proceed = (args?: readonly unknown[]) => Promise<unknown>;

/** Answers a call in the disk's place. */
export type Intercept = (call: DiskCall, proceed: Proceed) => Promise<unknown>;

type AsyncFunction = (...args: readonly unknown[]) => Promise<unknown>;

const LOOKING = new Set([
  "access",
  "lstat",
  "openAsBlob",
  "opendir",
  "readdir",
  "readFile",
  "readlink",
  "realpath",
  "stat",
  "statfs",
]);
const HANDLE_CHANGES = [
  "write",
  "writev",
  "writeFile",
  "appendFile",
  "truncate",
  "sync",
  "datasync",
  "chmod",
  "utimes",
];
// `createReadStream`, `createWriteStream` and `readLines` come down to these.
const HANDLE_METHODS = [...HANDLE_CHANGES, "read", "readv", "readFile", "stat", "close"];

/**
 * Puts a test between the code and the disk: every call of `disk` that is waited for goes through `intercept`, and so does
 * every call of the handles it opens.
 * @returns what undoes it; handles that are open by then stay intercepted
 */
export function interceptDisk(intercept: Intercept): () => void {
  const before = { ...disk };
  const patched = Object.entries(before)
    .filter(([method]) => !method.endsWith("Sync"))
    .map(([method, original]) => [method, (...args: unknown[]) => call(method, original as AsyncFunction, args)]);
  Object.assign(disk, Object.fromEntries(patched));
  return () => {
    Object.assign(disk, before);
  };

  async function call(method: string, original: AsyncFunction, args: readonly unknown[]): Promise<unknown> {
    const paths = args.slice(0, namesTwo(method) ? 2 : 1).map(String);
    const isChange = method === "open" ? opensForChange(args[1]) : !LOOKING.has(method);
    const proceed: Proceed = (others = args) => original(...others);
    const result = await intercept({ method, paths, args, handle: undefined, isChange }, proceed);
    if (method === "open") interceptHandle(result as FileHandle, paths);
    return result;
  }

  function interceptHandle(handle: FileHandle, paths: readonly string[]): void {
    ownClose.set(handle, ownClose.get(handle) ?? handle.close);
    for (const method of HANDLE_METHODS) {
      // An own property is what an outer `interceptDisk` has put there, or `close`; the prototype is left to spies.
      const own: AsyncFunction | undefined = Object.getOwnPropertyDescriptor(handle, method)?.value;
      const onHandle = async (...args: unknown[]) => {
        const isChange = HANDLE_CHANGES.includes(method);
        const original: AsyncFunction = own ?? Reflect.get(Object.getPrototypeOf(handle), method);
        const proceed: Proceed = (others = args) => Reflect.apply(original, handle, others);
        return intercept({ method, paths, args, handle, isChange }, proceed);
      };
      Object.defineProperty(handle, method, { value: onHandle, configurable: true });
    }
  }
}

/** Unlike its other methods, a handle's `close` is no method of its prototype. */
const ownClose = new WeakMap<FileHandle, () => Promise<void>>();

/** Closes a handle past whatever intercepts it. */
export function closeForReal(handle: FileHandle): Promise<void> {
  return Reflect.apply(ownClose.get(handle) ?? handle.close, handle, []);
}

/** A call in words, the same in every run: `rename metrics-2026-11-20.jsonl.gz.….tmp → metrics-2026-11-20.jsonl.gz`. */
export function nameOf({ method, paths }: DiskCall): string {
  return `${method} ${paths.map(plain).join(" → ")}`;
}

function plain(path: string): string {
  return basename(path)
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "…")
    .replace(/\.\d+\.tmp$/, ".….tmp");
}

/** Whether a step, as `nameOf` calls it, writes bytes, of which half can be written. */
export function canBeHalf(step: string): boolean {
  return /^(?:write|writev|writeFile|appendFile) /.test(step);
}

/** The arguments of a call that writes half of the bytes. */
export function halfOf({ method, args }: DiskCall): readonly unknown[] {
  const [data, second, length, position] = args;
  if (method === "writev") return [[firstHalf(Buffer.concat(data as Buffer[]))], second];
  if (method !== "write") return [firstHalf(data), second];
  if (typeof data === "string") return [firstHalf(data), 0, undefined, second];
  const bytes = data as Buffer;
  const from = typeof second === "number" ? second : 0;
  const size = typeof length === "number" ? length : bytes.length - from;
  return [bytes, from, Math.floor(size / 2), position];
}

function firstHalf(data: unknown): Buffer {
  const bytes = Buffer.from(data as Uint8Array | string);
  return bytes.subarray(0, bytes.length / 2);
}

function namesTwo(method: string): boolean {
  return ["rename", "link", "symlink", "copyFile"].includes(method);
}

/** All flags but `r` may create or cut a file, or are there to write: `r+` changes nothing by itself. */
function opensForChange(flags: unknown): boolean {
  return flags !== undefined && flags !== "r" && flags !== "r+";
}
