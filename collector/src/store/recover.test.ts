import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { fileHandlePrototype } from "../../test/file-handle-prototype.ts";
import { tempFolder } from "../../test/temp-folder.ts";
import { recoverTail } from "./recover.ts";

const NAME = "metrics-2026-11-20.jsonl";
const MEBIBYTE = 1_048_576;

async function recover(content: string | Buffer) {
  const dataDir = tempFolder();
  const path = join(dataDir, NAME);
  writeFileSync(path, content);
  const tornBytes = await recoverTail(dataDir, NAME);
  const tornPath = `${path}.torn`;
  const torn = existsSync(tornPath) ? readFileSync(tornPath) : undefined;
  return { tornBytes, dataDir, left: readFileSync(path), torn };
}

/** Numbered lines of about 100 bytes, `bytes` in all or a little more. */
function manyLines(bytes: number): string[] {
  const lines: string[] = [];
  for (let length = 0; length < bytes; length += 104) {
    lines.push(JSON.stringify({ n: String(lines.length).padStart(9, "0"), filler: "x".repeat(75) }));
  }
  return lines;
}

describe("recoverTail", () => {
  test("leaves a whole file as it is", async () => {
    const content = '{"n":1}\n{"n":2}\n';
    const { tornBytes, left, torn } = await recover(content);
    expect(tornBytes).toBe(0);
    expect(left.toString()).toBe(content);
    expect(torn).toBeUndefined();
  });

  test("finds nothing in an empty file", async () => {
    const { tornBytes, torn } = await recover("");
    expect(tornBytes).toBe(0);
    expect(torn).toBeUndefined();
  });

  test.each([
    ["half a line", '{"n":'],
    ["a whole object whose newline never came", '{"n":3}'],
    ["a hole of NULs", "\0".repeat(5000)],
    ["a hole of NULs that ends in a newline", `${"\0".repeat(5000)}\n`],
    ["a line whose middle is gone", `{"n":${"\0".repeat(50)}}\n`],
    ["half a line, then a whole one that does not parse", '{"n":\n3}\n'],
    ["half a character", Buffer.from([0x7b, 0x22, 0xe2, 0x82])],
  ])("sets %s aside and keeps every whole line", async (_title, end) => {
    const whole = '{"n":1}\n{"n":2}\n';
    const { tornBytes, left, torn } = await recover(Buffer.concat([Buffer.from(whole), Buffer.from(end)]));
    expect(left.toString()).toBe(whole);
    expect(torn).toEqual(Buffer.from(end));
    expect(tornBytes).toBe(Buffer.byteLength(end));
  });

  test("empties a file of nothing but a torn line", async () => {
    const { left, torn } = await recover('{"event":"page_vi');
    expect(left.length).toBe(0);
    expect(torn?.toString()).toBe('{"event":"page_vi');
  });

  test("adds to what an earlier crash left", async () => {
    const { dataDir } = await recover('{"n":1}\n{"torn":');
    writeFileSync(join(dataDir, NAME), '{"n":1}\n{"again":');
    await recoverTail(dataDir, NAME);
    expect(readFileSync(join(dataDir, `${NAME}.torn`), "utf8")).toBe('{"torn":{"again":');
  });

  test("syncs a file though nothing is torn: what a killed process had written was perhaps not on the disk yet", async () => {
    const sync = vi.spyOn(await fileHandlePrototype(), "sync");
    await recover('{"n":1}\n');
    expect(sync).toHaveBeenCalledOnce();
    sync.mockRestore();
  });

  test("looks at the end of a large file only", async () => {
    const all = manyLines(5 * MEBIBYTE);
    const read = vi.spyOn(await fileHandlePrototype(), "read");
    const { left } = await recover(`${all.join("\n")}\n{"torn":`);
    expect(left.toString()).toBe(`${all.join("\n")}\n`);
    expect(read).toHaveBeenCalledTimes(1);
    read.mockRestore();
  });

  test("never cuts into a whole line, even where the torn end is larger than what it reads at once", async () => {
    const all = manyLines(MEBIBYTE);
    const hole = Buffer.alloc(6 * MEBIBYTE);
    const { left, tornBytes, torn } = await recover(Buffer.concat([Buffer.from(`${all.join("\n")}\n`), hole]));
    expect(tornBytes).toBe(hole.length);
    expect(torn?.length).toBe(hole.length);
    expect(left.toString()).toBe(`${all.join("\n")}\n`);
  });

  test("rejects for a file that is not there", async () => {
    await expect(recoverTail(tempFolder(), NAME)).rejects.toMatchObject({ code: "ENOENT" });
  });
});
