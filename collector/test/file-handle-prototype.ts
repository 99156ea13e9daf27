import { type FileHandle, open } from "node:fs/promises";
import { tmpdir } from "node:os";

/** What all file handles inherit from: the one place where a test can make a disk fail. */
export async function fileHandlePrototype(): Promise<FileHandle> {
  const handle = await open(tmpdir(), "r");
  await handle.close();
  return Object.getPrototypeOf(handle);
}

/** An error as the file system raises it. */
export function diskError(code: string): Error {
  return Object.assign(new Error(`${code}: made by a test`), { code });
}
