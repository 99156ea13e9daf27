// @vitest-environment node
import { describe, expect, it } from "vitest";
import { randomId } from "./random-id.ts";
import { sampleShare } from "./sampling.ts";

const shares = (count: number) => Array.from({ length: count }, () => sampleShare(randomId()));

/** Pearson's chi-square of numbers from 0 to 1 in `classes` classes that should hold as many each. */
function chiSquare(values: readonly number[], classes: number): number {
  const counts = new Array<number>(classes).fill(0);
  for (const value of values) {
    const index = Math.floor(value * classes);
    counts[index] = (counts[index] ?? 0) + 1;
  }
  const expected = values.length / classes;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

/** One honest draw in so many is beyond any bound: this is whether one of two is within. */
function isOneOfTwo(draw: () => boolean): boolean {
  return draw() || draw();
}

describe("where a visitor falls", () => {
  it("is from 0 to 1, without 1", () => {
    expect(sampleShare("0-1-2-3")).toBe(0);
    expect(sampleShare("4294967295-1-2-3")).toBeLessThan(1);
    expect(shares(1000).every((share) => share >= 0 && share < 1)).toBe(true);
  });

  it("is the same for ever: another answer would change who is counted, with an update", () => {
    expect(sampleShare("2147483648-1-2-3")).toBe(0.5);
    expect(sampleShare("2147483648-9-9-9")).toBe(0.5);
    expect(sampleShare("42949673-1-2-3")).toBeCloseTo(0.01, 9);
  });

  it("keeps 0.1 % of a million visitors, within three standard errors", () => {
    const isWithin = () => {
      let kept = 0;
      for (let index = 0; index < 1_000_000; index++) if (sampleShare(randomId()) < 0.001) kept++;
      return Math.abs(kept - 1000) < 3 * Math.sqrt(1_000_000 * 0.001 * 0.999);
    };
    expect(isOneOfTwo(isWithin)).toBe(true);
  }, 60_000);

  it("is spread evenly, and so finely that rates below a millionth differ", () => {
    // 99 degrees of freedom: 149 is the 0.1 % point.
    expect(isOneOfTwo(() => chiSquare(shares(20_000), 100) < 149)).toBe(true);
    expect(
      isOneOfTwo(
        () =>
          chiSquare(
            shares(20_000).map((share) => (share * 1e6) % 1),
            100,
          ) < 149,
      ),
    ).toBe(true);
  });
});

it("is drawn anew each time where there is no visitor", () => {
  for (const nobody of ["", undefined]) {
    const drawn = new Set(Array.from({ length: 100 }, () => sampleShare(nobody)));
    expect(drawn.size).toBeGreaterThan(90);
    expect([...drawn].every((share) => share >= 0 && share < 1)).toBe(true);
  }
});
