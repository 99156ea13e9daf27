// @vitest-environment node
import { describe, expect, it } from "vitest";
import { isSampled } from "./sampling.ts";

/** The rate from which on a visitor is kept, to 34 bits. */
function threshold(visitorId: string): number {
  let low = 0;
  let high = 1;
  for (let bit = 0; bit < 34; bit++) {
    const middle = (low + high) / 2;
    if (isSampled(visitorId, middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** Pearson's chi-square of thresholds in `classes` classes that should hold the same number each. */
function chiSquare(thresholds: readonly number[], classes: number): number {
  const counts = new Array<number>(classes).fill(0);
  for (const value of thresholds) {
    const index = Math.min(classes - 1, Math.floor(value * classes));
    counts[index] = (counts[index] ?? 0) + 1;
  }
  const expected = thresholds.length / classes;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

describe("isSampled", () => {
  it("keeps everybody at 1, and nobody at 0 or at what is no number", () => {
    for (let index = 0; index < 10_000; index++) {
      expect(isSampled(`visitor-${index}`, 1)).toBe(true);
      expect(isSampled(`visitor-${index}`, 0)).toBe(false);
      expect(isSampled(`visitor-${index}`, Number.NaN)).toBe(false);
    }
  });

  it("says the same of a visitor for ever", () => {
    // Another answer would change who is counted on every site, with an update.
    const kept = Array.from({ length: 16 }, (_, index) => Number(isSampled(`visitor-${index}`, 0.5))).join("");
    expect(kept).toMatchInlineSnapshot(`"0001011111001101"`);
  });

  it.each([
    ["that count up", (index: number) => `${index}`],
    ["that count up in 32 digits", (index: number) => index.toString(16).padStart(32, "0")],
    ["that differ in the first characters only", (index: number) => `${index}-visitor`],
  ])("spreads ids %s evenly over all rates", (_, idOf) => {
    const thresholds = Array.from({ length: 20_000 }, (_, index) => threshold(idOf(index)));
    // 99 degrees of freedom: 149 is the 0.1 % point.
    expect(chiSquare(thresholds, 100)).toBeLessThan(149);
  });

  it("resolves rates far finer than a millionth", () => {
    const thresholds = Array.from({ length: 5000 }, (_, index) => threshold(`visitor-${index}`));
    // A hash of 20 bits would put every threshold on a multiple of a millionth, and all of these into one class.
    const withinMillionth = thresholds.map((value) => (value * 1e6) % 1);
    // 9 degrees of freedom: 27.9 is the 0.1 % point.
    expect(chiSquare(withinMillionth, 10)).toBeLessThan(27.9);
    expect(new Set(thresholds).size).toBeGreaterThan(4990);
  });

  it("keeps 0.1 % of a million visitors within four standard errors", () => {
    let kept = 0;
    for (let index = 0; index < 1_000_000; index++) if (isSampled(`visitor-${index}`, 0.001)) kept++;
    expect(Math.abs(kept - 1000)).toBeLessThan(4 * Math.sqrt(1_000_000 * 0.001 * 0.999));
  });

  it("nests: who is kept at 1 % is kept at 10 %", () => {
    const ids = Array.from({ length: 50_000 }, (_, index) => `visitor-${index}`);
    const at1 = ids.filter((id) => isSampled(id, 0.01));
    expect(at1.length).toBeGreaterThan(400);
    expect(at1.every((id) => isSampled(id, 0.1))).toBe(true);
  });
});
