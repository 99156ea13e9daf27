import { expect, it, vi } from "vitest";
import { IDENTIFIER } from "../protocol/limits.ts";
import { randomId } from "./random-id.ts";

it("makes four decimal numbers that the protocol takes for an id", () => {
  for (let count = 0; count < 1000; count++) {
    const id = randomId();
    expect(id).toMatch(/^\d{1,10}(-\d{1,10}){3}$/);
    expect(id).toMatch(IDENTIFIER);
  }
});

it("makes no id twice, and uses all of the bits", () => {
  const numbers = Array.from({ length: 5000 }, () => randomId().split("-").map(Number));
  expect(new Set(numbers.map(String)).size).toBe(5000);
  for (let part = 0; part < 4; part++) {
    for (let bit = 0; bit < 32; bit++) {
      const set = numbers.filter((each) => ((each[part] ?? 0) >>> bit) & 1).length;
      expect(Math.abs(set - 2500)).toBeLessThan(300);
    }
  }
});

it("needs no secure origin: no crypto.randomUUID, no crypto.subtle", () => {
  const { getRandomValues } = crypto;
  vi.stubGlobal("crypto", { getRandomValues: getRandomValues.bind(crypto) });
  expect(randomId()).toMatch(IDENTIFIER);
  vi.unstubAllGlobals();
});
