import type { FileHandle } from "./disk.ts";

/** write(2) on a nearly full disk writes a part and reports no error: only the count tells. The next call then fails. */
export async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const { bytesWritten } = await file.write(bytes, written);
    if (bytesWritten === 0) throw Object.assign(new Error("the disk takes no more"), { code: "ENOSPC" });
    written += bytesWritten;
  }
}
