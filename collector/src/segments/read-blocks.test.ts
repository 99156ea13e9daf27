import { execFileSync } from "node:child_process";
import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tempFolder } from "../../test/temp-folder.ts";
import { MEMBER_BYTES, packMember } from "./gzip-member.ts";
import { type Block, readBlocks } from "./read-blocks.ts";

const NAME = "metrics-2026-11-10.jsonl";

function fileOf(content: string | Buffer, name = NAME): string {
  const path = join(tempFolder(), name);
  writeFileSync(path, content);
  return path;
}

async function blocksOf(path: string, end?: number): Promise<Block[]> {
  const blocks: Block[] = [];
  for await (const block of readBlocks(path, end)) blocks.push(block);
  return blocks;
}

async function linesOf(path: string, end?: number): Promise<Buffer> {
  return Buffer.concat((await blocksOf(path, end)).map(({ lines }) => lines));
}

async function oursOf(...members: readonly string[]): Promise<Buffer> {
  return Buffer.concat(await Promise.all(members.map((lines) => packMember(Buffer.from(lines), 6))));
}

function piecesOf(text: string): string[] {
  const pieces = [text.slice(0, 700_000)];
  for (let at = 700_000; at < text.length; at += 700_000) pieces.push(text.slice(at, at + 700_000));
  return pieces;
}

/** About 3 MiB of lines of many lengths. */
const MANY = Array.from({ length: 9000 }, (_, n) => `{"n":${n},"text":"${"é".repeat((n * 7919) % 331)}"}\n`).join("");

describe("readBlocks of a plain file", () => {
  test("gives whole lines, about a MiB at a time, each with where it is stored", async () => {
    const path = fileOf(MANY);
    const blocks = await blocksOf(path);
    expect(blocks.length).toBeGreaterThan(2);
    const bytes = readFileSync(path);
    for (const { lines, stored, offset } of blocks) {
      expect(lines.at(-1)).toBe(0x0a);
      expect(lines.length).toBeLessThan(MEMBER_BYTES + 2048);
      expect(stored?.equals(bytes.subarray(offset, offset + lines.length))).toBe(true);
    }
    expect((await linesOf(path)).toString()).toBe(MANY);
  });

  test("gives the same where it reuses its memory, block by block", async () => {
    const long = `{"x":"${"y".repeat(2 * MEMBER_BYTES)}"}\n`;
    for (const content of [MANY, `${MANY}${long}${MANY}{"torn`, long, ""]) {
      const path = fileOf(content);
      const compressed = fileOf(await oursOf(...piecesOf(content)), `${NAME}.gz`);
      for (const file of [path, compressed]) {
        let read = "";
        for await (const { lines } of readBlocks(file, Number.POSITIVE_INFINITY, { reusesMemory: true }))
          read += lines.toString("latin1");
        expect(Buffer.from(read, "latin1").equals(Buffer.from(content))).toBe(true);
      }
    }
  });

  test("keeps a torn last line, a line without end, and bytes that are no text", async () => {
    const contents = [
      "",
      "\n",
      '{"a":1}\n{"torn',
      Buffer.alloc(3 * MEMBER_BYTES, "x"),
      Buffer.from([0, 0xff, 0x0a, 0xfe]),
    ];
    for (const content of contents) expect((await linesOf(fileOf(content))).equals(Buffer.from(content))).toBe(true);
  });

  test("reads no further than it is told, however the file grows", async () => {
    expect((await linesOf(fileOf("one\ntwo\nthree\n"), 8)).toString()).toBe("one\ntwo\n");
    expect(await blocksOf(fileOf("one\n"), 0)).toEqual([]);
  });

  test("rejects for one that is not there", async () => {
    await expect(blocksOf(join(tempFolder(), NAME))).rejects.toMatchObject({ code: "ENOENT" });
  });
});

describe("readBlocks of a compressed file of ours", () => {
  test("gives each member, in order, and where it is stored", async () => {
    const contents = ["a\n", "", "b\nc\n", ...Array.from({ length: 9 }, (_, n) => `${n}\n`), "torn"];
    const bytes = await oursOf(...contents);
    const blocks = await blocksOf(fileOf(bytes, `${NAME}.gz`));
    expect(blocks.map(({ lines }) => lines.toString())).toEqual(contents);
    for (const { stored, offset } of blocks) {
      expect(stored?.equals(bytes.subarray(offset, offset + (stored?.length ?? 0)))).toBe(true);
    }
  });

  test("rejects, or gives nothing but the right lines, whichever byte is wrong and wherever it is cut", async () => {
    const contents = ['{"id":"a"}\n{"id":"b"}\n', '{"id":"c"}\n'];
    const bytes = await oursOf(...contents);
    const path = fileOf(bytes, `${NAME}.gz`);
    let refused = 0;
    for (let at = 0; at < bytes.length; at += 1) {
      for (const flip of [0x01, 0x10, 0x80]) {
        const damaged = Buffer.from(bytes);
        damaged.writeUInt8(damaged.readUInt8(at) ^ flip, at);
        writeFileSync(path, damaged);
        const read = await blocksOf(path).catch(() => undefined);
        // Time, system and number of lines in a header are not of the content.
        if (read)
          expect(Buffer.concat(read.map(({ lines }) => lines)).toString(), `byte ${at}`).toBe(contents.join(""));
        else refused += 1;
      }
    }
    expect(refused).toBeGreaterThan(bytes.length * 1.5);

    writeFileSync(path, bytes);
    const second = (await blocksOf(path))[1]?.offset;
    for (let length = bytes.length - 1; length >= 0; length -= 1) {
      truncateSync(path, length);
      if (length !== second) await expect(blocksOf(path), `${length} bytes`).rejects.toBeDefined();
    }
  });

  test("gives what is before the damage, and no line of the damaged member", async () => {
    const bytes = await oursOf("a\n", "b\n", "c\n", "d\n", "e\n");
    const path = fileOf(bytes, `${NAME}.gz`);
    const third = (await blocksOf(path))[2]?.offset ?? 0;
    bytes.writeUInt8(bytes.readUInt8(third + 26) ^ 0xff, third + 26);
    writeFileSync(path, bytes);
    const seen: string[] = [];
    const reading = (async () => {
      for await (const { lines } of readBlocks(path)) seen.push(lines.toString());
    })();
    await expect(reading).rejects.toMatchObject({ code: expect.stringMatching(/^Z_/) });
    expect(seen).toEqual(["a\n", "b\n"]);
  });

  test("may be left in the middle", async () => {
    for await (const { lines } of readBlocks(fileOf(await oursOf("a\n", "b\n", "c\n", "d\n", "e\n"), `${NAME}.gz`))) {
      expect(lines.toString()).toBe("a\n");
      break;
    }
  });
});

describe("readBlocks of a file compressed by others", () => {
  test("reads what the gzip program makes, of one member or of several, as whole lines without a place", async () => {
    const path = fileOf(MANY);
    execFileSync("gzip", ["-k", path]);
    const twice = Buffer.concat([readFileSync(`${path}.gz`), gzipSync("last\n")]);
    const blocks = await blocksOf(fileOf(twice, `${NAME}.gz`));
    expect(Buffer.concat(blocks.map(({ lines }) => lines)).toString()).toBe(`${MANY}last\n`);
    for (const { lines, stored } of blocks) {
      expect(lines.at(-1)).toBe(0x0a);
      expect(stored).toBeUndefined();
    }
  });

  test("reads one of nothing, and finds none in a file of no bytes", async () => {
    expect(await blocksOf(fileOf(gzipSync(""), `${NAME}.gz`))).toEqual([]);
    await expect(blocksOf(fileOf("", `${NAME}.gz`))).rejects.toThrow("does not begin as gzip does");
    await expect(blocksOf(fileOf('{"id":"a"}\n', `${NAME}.gz`))).rejects.toThrow("does not begin as gzip does");
  });

  test("rejects where it is cut off, or its content is damaged", async () => {
    const bytes = gzipSync(MANY.slice(0, 5000));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: bytes.length - 1 }), fc.boolean(), async (at, isCut) => {
        const damaged = Buffer.from(isCut ? bytes.subarray(0, at) : bytes);
        if (!isCut && at < 10) return;
        if (!isCut) damaged.writeUInt8(damaged.readUInt8(at) ^ 0x55, at);
        await expect(blocksOf(fileOf(damaged, `${NAME}.gz`))).rejects.toBeDefined();
      }),
    );
  });
});
