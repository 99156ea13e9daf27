import { codeOf } from "../disk/data-folder-error.ts";
import { disk, type FileHandle } from "../disk/disk.ts";
import { writeAll } from "../disk/write-all.ts";

/** Writes a new file that only this user may read. */
export async function writePrivately(file: FileHandle, text: string): Promise<void> {
  await file.chmod(0o600);
  await writeAll(file, Buffer.from(text));
}

/** The text of a small file; `""` where there is none. */
export async function readText(path: string): Promise<string> {
  try {
    const file = await disk.open(path, "r");
    try {
      return await file.readFile("utf8");
    } finally {
      await file.close();
    }
  } catch (error) {
    if (codeOf(error) === "ENOENT") return "";
    throw error;
  }
}
