import { constants, readdirSync, readFileSync, readlinkSync, renameSync, unlinkSync, writeFileSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { basename, join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { diskError, fileHandlePrototype } from "../../test/file-handle-prototype.ts";
import { tempFolder } from "../../test/temp-folder.ts";
import { disk } from "../disk/disk.ts";
import { createLiveFile, type LiveFileOptions } from "./live-file.ts";

const DAY = "2026-11-20";
const FIRST = "metrics-2026-11-20.jsonl";
const SECOND = "metrics-2026-11-20.1.jsonl";
const LINE = Buffer.from('{"event":"x"}\n');

afterEach(() => {
  vi.restoreAllMocks();
});

function setUp(options: Partial<LiveFileOptions> = {}) {
  const dataDir = tempFolder();
  const linkPath = join(dataDir, "metrics.jsonl");
  const file = createLiveFile({ linkPath, maxBytes: 1000, durability: "fsync", ...options });
  const read = (name: string) => readFileSync(join(dataDir, name), "utf8");
  const names = () => readdirSync(dataDir).sort();
  const target = () => readlinkSync(linkPath);
  return { file, read, names, target, dataDir };
}

function line(n: number, bytes = 0): Buffer {
  return Buffer.from(`${JSON.stringify({ n, filler: "x".repeat(bytes) })}\n`);
}

describe("a failing disk", () => {
  test("is given the rest of a write of which it took a part", async () => {
    const { file, read } = setUp();
    await file.open(DAY);
    await shortWrites(5);
    await file.append(DAY, line(1));
    await file.close();
    expect(read(FIRST)).toBe(line(1).toString());
  });

  test("that takes nothing and says nothing is a full one", async () => {
    const { file } = setUp();
    await file.open(DAY);
    const write = await shortWrites(0);
    await expect(file.append(DAY, line(1))).rejects.toMatchObject({ code: "ENOSPC" });
    write.mockRestore();
    expect(await file.append(DAY, line(1))).toBe(FIRST);
    await file.close();
  });

  test("leaves no part of a line when it fills up in the middle of one, and is written again when it has room", async () => {
    const { file, read, names } = setUp();
    await file.open(DAY);
    await file.append(DAY, line(1));
    const write = await shortWrites(5, diskError("ENOSPC"));
    await expect(file.append(DAY, line(2))).rejects.toMatchObject({ code: "ENOSPC" });
    expect(read(FIRST)).toBe(line(1).toString());
    write.mockRestore();
    expect(await file.append(DAY, line(3))).toBe(FIRST);
    await file.close();
    expect(read(FIRST)).toBe(`${line(1)}${line(3)}`);
    expect(names()).toEqual([FIRST, "metrics.jsonl"]);
  });

  test("is not trusted with the same file again after a write that failed to sync", async () => {
    const { file, read, target } = setUp();
    await file.open(DAY);
    await file.append(DAY, line(1));
    const prototype = await fileHandlePrototype();
    const { write } = prototype;
    vi.spyOn(prototype, "write").mockImplementationOnce(async function (this: FileHandle, ...args: unknown[]) {
      await Reflect.apply(write, this, args);
      throw diskError("EIO");
    } as FileHandle["write"]);
    await expect(file.append(DAY, line(2))).rejects.toMatchObject({ code: "EIO" });
    expect(read(FIRST)).toBe(line(1).toString());
    expect(await file.append(DAY, line(3))).toBe(SECOND);
    expect(target()).toBe(SECOND);
    await file.close();
    expect(read(FIRST)).toBe(line(1).toString());
    expect(read(SECOND)).toBe(line(3).toString());
  });

  test("gets a new file where the old one cannot even be cut back", async () => {
    const { file, read } = setUp();
    await file.open(DAY);
    const write = await shortWrites(5, diskError("EIO"));
    const prototype = await fileHandlePrototype();
    vi.spyOn(prototype, "truncate").mockRejectedValueOnce(diskError("EIO"));
    await expect(file.append(DAY, line(1))).rejects.toMatchObject({ code: "EIO" });
    write.mockRestore();
    expect(await file.append(DAY, line(2))).toBe(SECOND);
    await file.close();
    expect(read(SECOND)).toBe(line(2).toString());
  });

  test("keeps the file it has where the next one cannot be made", async () => {
    const { file, read, target, names } = setUp({ maxBytes: LINE.length });
    await file.open(DAY);
    await file.append(DAY, LINE);
    const prototype = await fileHandlePrototype();
    vi.spyOn(prototype, "sync").mockRejectedValueOnce(diskError("ENOSPC"));
    await expect(file.append(DAY, LINE)).rejects.toMatchObject({ code: "ENOSPC" });
    expect(names()).toEqual([FIRST, "metrics.jsonl"]);
    expect(target()).toBe(FIRST);
    expect(await file.append(DAY, LINE)).toBe(SECOND);
    await file.close();
    expect(read(SECOND)).toBe(LINE.toString());
  });
});

describe("durability", () => {
  test("`fsync` has the kernel sync every write of every file, opened anew or again", async () => {
    const opened = vi.spyOn(disk, "open");
    const { file, names } = setUp({ maxBytes: LINE.length });
    await file.open(DAY);
    await file.append(DAY, LINE);
    await file.append(DAY, LINE);
    await file.close();
    await file.open(DAY);
    await file.close();
    expect(names()).toEqual([SECOND, FIRST, "metrics.jsonl"].sort());
    expect(syncedFiles(opened)).toEqual([FIRST, SECOND, SECOND]);
  });

  test("`os` syncs when a file is closed, and not before", async () => {
    const opened = vi.spyOn(disk, "open");
    const { file } = setUp({ durability: "os", maxBytes: LINE.length });
    await file.open(DAY);
    expect(syncedFiles(opened)).toEqual([]);
    const datasync = vi.spyOn(await fileHandlePrototype(), "datasync");
    await file.append(DAY, LINE);
    expect(datasync).not.toHaveBeenCalled();
    await file.append(DAY, LINE);
    expect(datasync).toHaveBeenCalledTimes(1);
    await file.close();
    expect(datasync).toHaveBeenCalledTimes(2);
  });
});

/** Bare names of the files that were opened so that every write of them is synced. */
function syncedFiles(opened: { readonly mock: { readonly calls: readonly (readonly unknown[])[] } }): string[] {
  return opened.mock.calls
    .filter(([, flags]) => Number(flags) & constants.O_DSYNC)
    .map(([path]) => basename(String(path)));
}

/** From now on a write takes at most this many bytes; where `error` is given, every second one fails with it. */
async function shortWrites(bytes: number, error?: Error) {
  const prototype = await fileHandlePrototype();
  const { write } = prototype;
  let calls = 0;
  const writePart = function (this: FileHandle, data: Buffer, offset?: number) {
    calls += 1;
    const rest = data.length - (offset ?? 0);
    return error && calls % 2 === 0
      ? Promise.reject(error)
      : Reflect.apply(write, this, [data, offset, Math.min(bytes, rest)]);
  };
  return vi.spyOn(prototype, "write").mockImplementation(writePart as FileHandle["write"]);
}

describe("a file that somebody deletes while it is written", () => {
  test("is followed by a new one, so that nothing is stored where nobody can find it", async () => {
    const { file, read, target, names, dataDir } = setUp();
    await file.open(DAY);
    await file.append(DAY, line(1));
    unlinkSync(join(dataDir, FIRST));
    const name = await file.append(DAY, line(2));
    await file.close();
    expect(read(name)).toBe(line(2).toString());
    expect(target()).toBe(name);
    expect(names()).toEqual([name, "metrics.jsonl"]);
  });

  test("is followed by a new one also where it was given another name, and what was stored there is there once", async () => {
    const { file, read, dataDir } = setUp();
    await file.open(DAY);
    await file.append(DAY, line(1));
    renameSync(join(dataDir, FIRST), join(dataDir, "renamed"));
    const name = await file.append(DAY, line(2));
    await file.close();
    expect(read("renamed")).toBe(line(1).toString());
    expect(read(name)).toBe(line(2).toString());
  });

  test("is followed by a new one also where another file took its name, which is left alone", async () => {
    const { file, read, dataDir } = setUp();
    await file.open(DAY);
    renameSync(join(dataDir, FIRST), join(dataDir, "renamed"));
    writeFileSync(join(dataDir, FIRST), "mine\n");
    expect(await file.append(DAY, line(1))).toBe(SECOND);
    await file.close();
    expect(read(FIRST)).toBe("mine\n");
  });

  test("while it is being synced gets no acknowledgement for what went with it", async () => {
    const { file, read, dataDir } = setUp();
    await file.open(DAY);
    const prototype = await fileHandlePrototype();
    vi.spyOn(prototype, "write").mockImplementationOnce(async function (this: FileHandle, data: Buffer) {
      unlinkSync(join(dataDir, FIRST));
      return { bytesWritten: data.length, buffer: data };
    } as FileHandle["write"]);
    expect(await file.append(DAY, line(1))).toBe(SECOND);
    await file.close();
    expect(read(SECOND)).toBe(line(1).toString());
  });

  test("every time is an error in the end", async () => {
    const { file, names } = setUp();
    await file.open(DAY);
    const stat = vi.spyOn(disk, "statSync").mockReturnValue(undefined);
    await expect(file.append(DAY, line(1))).rejects.toMatchObject({ code: "ENOENT" });
    stat.mockRestore();
    expect(await file.append(DAY, line(1))).toBe("metrics-2026-11-20.2.jsonl");
    await file.close();
    expect(names()).toHaveLength(4);
  });
});
