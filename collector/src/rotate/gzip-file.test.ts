import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterEach, describe, expect, test, vi } from "vitest";
import { diskError, fileHandlePrototype } from "../../test/file-handle-prototype.ts";
import { tempFolder } from "../../test/temp-folder.ts";
import { gzipFile } from "./gzip-file.ts";

const NAME = "metrics-2026-11-10.jsonl";

afterEach(() => {
  vi.restoreAllMocks();
});

function setUp(content = '{"n":1}\n'.repeat(1000)) {
  const dataDir = tempFolder();
  const path = join(dataDir, NAME);
  writeFileSync(path, content);
  return { dataDir, path, content, names: () => readdirSync(dataDir).sort() };
}

describe("gzipFile", () => {
  test("replaces a file by its compressed copy, byte for byte the same inside", async () => {
    const { path, content, names } = setUp();
    await gzipFile(path);
    expect(names()).toEqual([`${NAME}.gz`]);
    expect(gunzipSync(readFileSync(`${path}.gz`)).toString()).toBe(content);
    expect(statSync(`${path}.gz`).size).toBeLessThan(content.length);
    expect(statSync(`${path}.gz`).mode & 0o007).toBe(0);
  });

  test("keeps an empty file, and one that is not text", async () => {
    for (const content of ["", "\0\uffff\n{"]) {
      const { path } = setUp(content);
      await gzipFile(path);
      expect(gunzipSync(readFileSync(`${path}.gz`)).toString()).toBe(content);
    }
  });

  test("finishes the job where an earlier run made the copy and was killed before it deleted the original", async () => {
    const { path, content, names } = setUp();
    writeFileSync(`${path}.gz`, gzipSync(content));
    await gzipFile(path);
    expect(names()).toEqual([`${NAME}.gz`]);
    expect(gunzipSync(readFileSync(`${path}.gz`)).toString()).toBe(content);
  });

  test("replaces a copy that is broken: the original decides", async () => {
    const { path, content } = setUp();
    writeFileSync(`${path}.gz`, "not gzip");
    await gzipFile(path);
    expect(gunzipSync(readFileSync(`${path}.gz`)).toString()).toBe(content);
  });

  test("keeps the original and leaves nothing behind where the copy cannot be made durable", async () => {
    const { path, content, names } = setUp();
    vi.spyOn(await fileHandlePrototype(), "sync").mockRejectedValueOnce(diskError("ENOSPC"));
    await expect(gzipFile(path)).rejects.toMatchObject({ code: "ENOSPC" });
    expect(names()).toEqual([NAME]);
    expect(readFileSync(path, "utf8")).toBe(content);
  });

  test("keeps the original where its name cannot be made durable: there are two copies then, not none", async () => {
    const { path, content, names } = setUp();
    const sync = vi.spyOn(await fileHandlePrototype(), "sync");
    sync.mockResolvedValueOnce(undefined).mockRejectedValueOnce(diskError("EIO"));
    await expect(gzipFile(path)).rejects.toMatchObject({ code: "EIO" });
    expect(names()).toEqual([NAME, `${NAME}.gz`]);
    expect(readFileSync(path, "utf8")).toBe(content);
    expect(gunzipSync(readFileSync(`${path}.gz`)).toString()).toBe(content);
    await gzipFile(path);
    expect(names()).toEqual([`${NAME}.gz`]);
  });

  test("keeps the original where the disk does not give back what was written", async () => {
    const { path, content, names } = setUp();
    const handles = await fileHandlePrototype();
    const read = handles.read;
    vi.spyOn(handles, "read").mockImplementation(async function read_(this: typeof handles, ...args: unknown[]) {
      const result = await Reflect.apply(read, this, args);
      const [buffer, offset] = args as [Buffer, number];
      const isCompressed = buffer.readUInt16BE(offset) === 0x1f8b;
      if (isCompressed) buffer.writeUInt8(buffer.readUInt8(offset + 30) ^ 1, offset + 30);
      return result;
    });
    await expect(gzipFile(path)).rejects.toBeDefined();
    expect(names()).toEqual([NAME]);
    expect(readFileSync(path, "utf8")).toBe(content);
  });

  test("gives up between two blocks when it is told to", async () => {
    const { path, names } = setUp();
    await expect(gzipFile(path, { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: "AbortError" });
    expect(names()).toEqual([NAME]);
  });

  test("leaves nothing behind where the original cannot be read", async () => {
    const { dataDir, names } = setUp();
    mkdirSync(join(dataDir, "metrics-2026-11-11.jsonl"));
    for (const name of ["metrics-2026-11-11.jsonl", "metrics-2026-11-12.jsonl"]) {
      await expect(gzipFile(join(dataDir, name))).rejects.toMatchObject({
        code: expect.stringMatching(/EISDIR|ENOENT/),
      });
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(names()).toEqual([NAME, "metrics-2026-11-11.jsonl"]);
  });

  test("never shows a copy under its name before it is whole", async () => {
    const { path, content, dataDir } = setUp('{"n":1}\n'.repeat(200_000));
    let isRunning = true;
    const seen = new Set<string>();
    const watching = (async () => {
      while (isRunning) {
        const names = readdirSync(dataDir);
        for (const name of names) seen.add(name.replace(/[0-9a-f-]+\.tmp$/, "tmp"));
        if (names.includes(`${NAME}.gz`)) expect(gunzipSync(readFileSync(`${path}.gz`)).length).toBe(content.length);
        await new Promise(setImmediate);
      }
    })();
    await gzipFile(path);
    isRunning = false;
    await watching;
    expect([...seen].sort()).toContain(`${NAME}.gz.tmp`);
  });

  test("can be repeated after a failure", async () => {
    const { path, dataDir, content } = setUp();
    mkdirSync(`${path}.gz`);
    writeFileSync(join(`${path}.gz`, "x"), "");
    await expect(gzipFile(path)).rejects.toBeDefined();
    expect(readdirSync(dataDir).sort()).toEqual([NAME, `${NAME}.gz`]);
    chmodSync(path, 0o600);
    expect(readFileSync(path, "utf8")).toBe(content);
  });
});
