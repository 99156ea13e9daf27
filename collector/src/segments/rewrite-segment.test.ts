import { execFileSync } from "node:child_process";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it, vi } from "vitest";
import { tempFolder } from "../../test/temp-folder.ts";
import { gzipFile } from "../rotate/gzip-file.ts";
import { MEMBER_BYTES, parseMemberHeader } from "./gzip-member.ts";
import { type RewriteOptions, rewriteSegment } from "./rewrite-segment.ts";

/** Removes lines with DROP, and turns OLD into NEW. */
const RULES: RewriteOptions = {
  concerns: (lines) => lines.includes("DROP") || lines.includes("OLD"),
  edit(line) {
    if (line.includes("DROP")) return undefined;
    return line.includes("OLD") ? Buffer.from(line.toString().replace("OLD", "NEW")) : line;
  },
  level: 6,
};

/** Some MiB, in which the lines named are as given and the rest is noise. */
function manyLines(special: { readonly [index: number]: string } = {}): string[] {
  return Array.from({ length: 40_000 }, (_, index) => special[index] ?? `${index} ${"x".repeat(index % 173)}`);
}

const textOf = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join("");

async function file(name: string, content: string): Promise<string> {
  const path = join(tempFolder(), "metrics-2026-11-20.jsonl");
  writeFileSync(path, content);
  if (name === "plain") return path;
  if (name === "our .gz") await gzipFile(path);
  else execFileSync("gzip", [path]);
  return `${path}.gz`;
}

function contentOf(path: string): string {
  const bytes = readFileSync(path);
  return path.endsWith(".gz") ? gunzipSync(bytes).toString() : bytes.toString();
}

describe.each(["plain", "our .gz", "foreign .gz"])("rewriteSegment of a file that is %s", (name) => {
  it("removes and changes lines, and leaves all others as they are", async () => {
    const special = { 0: "DROP 0", 1: "OLD 1", 20000: "OLD 20000", 20001: "DROP", 39999: "DROP last" };
    const path = await file(name, textOf(manyLines(special)));
    expect(await rewriteSegment(path, RULES)).toEqual({ removed: 3, changed: 2 });
    const expected = manyLines(special)
      .filter((line) => !line.includes("DROP"))
      .map((line) => line.replace("OLD", "NEW"));
    expect(contentOf(path)).toBe(textOf(expected));
  });

  it("does not touch a file in which nothing changes", async () => {
    const path = await file(name, textOf(manyLines()));
    const before = statSync(path);
    expect(await rewriteSegment(path, { ...RULES, concerns: () => true })).toEqual({ removed: 0, changed: 0 });
    expect(statSync(path)).toMatchObject({ ino: before.ino, mtimeMs: before.mtimeMs });
  });

  it("keeps a file that has lost all its lines", async () => {
    const path = await file(name, "DROP 1\nDROP 2\n");
    expect(await rewriteSegment(path, RULES)).toEqual({ removed: 2, changed: 0 });
    expect(contentOf(path)).toBe("");
    expect(await rewriteSegment(path, RULES)).toEqual({ removed: 0, changed: 0 });
  });

  it("keeps a torn last line", async () => {
    const path = await file(name, "DROP\nwhole\ntor");
    await rewriteSegment(path, RULES);
    expect(contentOf(path)).toBe("whole\ntor");
  });

  it("tells each change once", async () => {
    const path = await file(name, textOf(manyLines({ 7: "DROP 7", 30000: "OLD 30000" })));
    const onChange = vi.fn();
    await rewriteSegment(path, { ...RULES, onChange });
    expect(onChange.mock.calls.map(([line]) => String(line)).sort()).toEqual(["DROP 7\n", "OLD 30000\n"]);
  });

  it("stops where it is told to, and leaves the file as it was", async () => {
    const path = await file(name, textOf(manyLines({ 39000: "DROP" })));
    const before = readFileSync(path);
    const stopping = new AbortController();
    const concerns = (lines: Buffer) => {
      stopping.abort();
      return RULES.concerns(lines);
    };
    await expect(rewriteSegment(path, { ...RULES, concerns, signal: stopping.signal })).rejects.toThrow("aborted");
    expect(readFileSync(path).equals(before)).toBe(true);
  });
});

describe("rewriteSegment", () => {
  it("copies the members of a .gz in which nothing changes, byte for byte", async () => {
    const path = await file("our .gz", textOf(manyLines({ 39000: "DROP" })));
    const before = readFileSync(path);
    const first = parseMemberHeader(before)?.bytes ?? 0;
    expect(first).toBeGreaterThan(0);
    expect(before.length).toBeGreaterThan(2 * first);
    const concerns = vi.fn(RULES.concerns);
    await rewriteSegment(path, { ...RULES, concerns });
    expect(readFileSync(path).subarray(0, first).equals(before.subarray(0, first))).toBe(true);
    // Each block once, and the one that changes again.
    const blocks = Math.ceil(textOf(manyLines()).length / MEMBER_BYTES);
    expect(concerns).toHaveBeenCalledTimes(blocks + 1);
  });

  it("refuses a damaged .gz and leaves it as it was", async () => {
    const path = await file("our .gz", textOf(manyLines({ 10: "DROP" })));
    const bytes = readFileSync(path);
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 100) ^ 1, bytes.length - 100);
    writeFileSync(path, bytes);
    await expect(rewriteSegment(path, RULES)).rejects.toThrow();
    expect(readFileSync(path).equals(bytes)).toBe(true);
  });
});
