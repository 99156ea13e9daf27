import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { diskError, fileHandlePrototype } from "../../test/file-handle-prototype.ts";
import { tempFolder } from "../../test/temp-folder.ts";
import { probeFolder } from "./probe-folder.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

describe("probeFolder", () => {
  test("leaves nothing behind in a folder that can be written", async () => {
    const dataDir = tempFolder();
    await probeFolder(dataDir);
    expect(readdirSync(dataDir)).toEqual([]);
  });

  test.each(["writeFile", "datasync"] as const)("rejects where %s fails, and leaves nothing behind", async (method) => {
    const dataDir = tempFolder();
    vi.spyOn(await fileHandlePrototype(), method).mockRejectedValue(diskError("ENOSPC"));
    await expect(probeFolder(dataDir)).rejects.toMatchObject({ code: "ENOSPC" });
    expect(readdirSync(dataDir)).toEqual([]);
  });

  test("rejects where the folder is not there", async () => {
    await expect(probeFolder(join(tempFolder(), "gone"))).rejects.toMatchObject({ code: "ENOENT" });
  });
});
