import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createLineMemory } from "./line-memory.ts";

const MEBIBYTE = 1_048_576;

describe("line memory", () => {
  test("holds what was written, in UTF-8, until it is released", () => {
    const memory = createLineMemory();
    const texts = [
      "a\n",
      "",
      "ü€😀\n",
      "\ud800",
      "x".repeat(MEBIBYTE / 2),
      "€".repeat(MEBIBYTE / 3),
      "😀".repeat(MEBIBYTE),
    ];
    const held = texts.map((text) => memory.write(text));
    for (const [index, text] of texts.entries()) expect(held[index]?.equals(Buffer.from(text))).toBe(true);
  });

  test("uses the same memory again, however much passes through it", () => {
    const memory = createLineMemory();
    const seen = new Set<ArrayBufferLike>();
    for (let n = 0; n < 1000; n++) {
      const held = Array.from({ length: 10 }, () => memory.write("x".repeat(30_000)));
      for (const lines of held) seen.add(lines.buffer);
      for (const lines of held) memory.release(lines);
    }
    expect(seen.size).toBeLessThanOrEqual(2);
  });

  test("never lends what somebody still holds, in whatever order it comes back", () => {
    const step = fc.record({
      units: fc.integer({ min: 0, max: 200_000 }),
      releases: fc.array(fc.nat(), { maxLength: 4 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const memory = createLineMemory();
        const held: { readonly mark: number; readonly lines: Buffer }[] = [];
        for (const [index, { units, releases }] of steps.entries()) {
          const mark = 97 + (index % 26);
          held.push({ mark, lines: memory.write(String.fromCharCode(mark).repeat(units)) });
          for (const { mark, lines } of held) expect(lines.every((byte) => byte === mark)).toBe(true);
          for (const at of releases) {
            const [released] = held.splice(at % Math.max(held.length, 1), 1);
            if (released) memory.release(released.lines);
          }
        }
      }),
      { numRuns: 20 },
    );
  });
});
