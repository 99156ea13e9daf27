import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tempFolder } from "../../test/temp-folder.ts";
import { isGzip, MEMBER_BYTES, packMember, parseMemberHeader, unpackMember } from "./gzip-member.ts";

const LINES = Buffer.from('{"id":"a"}\n{"id":"b"}\n{"id":"torn');

describe("a gzip member", () => {
  test("holds any bytes, and its header says how long it is and how many lines it has", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 5000 }), fc.integer({ min: 1, max: 9 }), async (bytes, level) => {
        const lines = Buffer.from(bytes);
        const member = await packMember(lines, level);
        expect(await unpackMember(member)).toEqual(lines);
        expect(gunzipSync(member)).toEqual(lines);
        const newlines = lines.filter((byte) => byte === 0x0a).length;
        const isTorn = lines.length > 0 && lines.at(-1) !== 0x0a;
        expect(parseMemberHeader(member)).toEqual({ bytes: member.length, lines: newlines + Number(isTorn) });
      }),
    );
  });

  test("holds a line longer than a member should be", async () => {
    const long = Buffer.alloc(3 * MEMBER_BYTES, "long ");
    expect((await unpackMember(await packMember(long, 1))).equals(long)).toBe(true);
  });

  test("one after the other is a file that the gzip program tests, unpacks and lists as one", async () => {
    const path = join(tempFolder(), "x.jsonl.gz");
    writeFileSync(
      path,
      Buffer.concat([await packMember(LINES, 6), await packMember(Buffer.alloc(0), 9), await packMember(LINES, 1)]),
    );
    execFileSync("gzip", ["-t", path]);
    expect(execFileSync("gzip", ["-dc", path])).toEqual(Buffer.concat([LINES, LINES]));
  });

  test("is smaller at a higher level", async () => {
    const lines = Buffer.from(Array.from({ length: 5000 }, (_, n) => `{"id":"${n * 7919}","n":${n % 13}}\n`).join(""));
    expect((await packMember(lines, 9)).length).toBeLessThan((await packMember(lines, 1)).length);
  });

  test("cannot be read where a byte of it is wrong, unless that changes nothing, nor where it is cut", async () => {
    const member = await packMember(LINES, 6);
    let refused = 0;
    for (let at = 24; at < member.length; at += 1) {
      for (const flip of [0x01, 0x80, 0xff]) {
        const damaged = Buffer.from(member);
        damaged.writeUInt8(damaged.readUInt8(at) ^ flip, at);
        const read = await unpackMember(damaged).catch(() => undefined);
        // The last bits before the checksum only fill their byte.
        if (read) expect(read.equals(LINES), `byte ${at}`).toBe(true);
        else refused += 1;
      }
    }
    expect(refused).toBeGreaterThan((member.length - 24) * 3 - 4);
    for (let length = 0; length < member.length; length += 1)
      await expect(unpackMember(member.subarray(0, length)), `${length} bytes`).rejects.toBeDefined();
  });
});

describe("parseMemberHeader", () => {
  test.each([
    ["nothing", Buffer.alloc(0)],
    ["lines", LINES],
    ["what gzip itself writes", gzipSync(LINES)],
    ["zeros", Buffer.alloc(24)],
  ])("is undefined for %s", (_, bytes) => {
    expect(parseMemberHeader(bytes)).toBeUndefined();
  });

  test("is undefined for a part of a header, and for another program's extra field", async () => {
    const member = await packMember(LINES, 6);
    expect(parseMemberHeader(member.subarray(0, 23))).toBeUndefined();
    for (const at of [0, 3, 10, 12, 13]) {
      const other = Buffer.from(member);
      other.writeUInt8(other.readUInt8(at) ^ 0x40, at);
      expect(parseMemberHeader(other), `byte ${at}`).toBeUndefined();
    }
  });
});

test("isGzip tells compressed bytes from lines", () => {
  expect(isGzip(gzipSync(LINES))).toBe(true);
  expect([LINES, Buffer.from([0x1f]), Buffer.alloc(0)].map(isGzip)).toEqual([false, false, false]);
});
