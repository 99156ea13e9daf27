import { describe, expect, it } from "vitest";
import { formatAge, formatCount } from "./format.ts";

describe("formatAge", () => {
  it.each([
    [-5000, "now"],
    [999, "now"],
    [Number.NaN, "now"],
    [1000, "1 s"],
    [59_999, "59 s"],
    [60_000, "1 min"],
    [3_600_000, "1 h"],
    [172_800_000, "2 d"],
  ])("says %d ms as %s", (ageMs, text) => expect(formatAge(ageMs)).toBe(text));
});

describe("formatCount", () => {
  it("groups thousands and shows whole events", () => expect(formatCount(12_345.67)).toBe("12,346"));
});
