import { describe, expect, test } from "vitest";
import { randomId } from "../../../sdk/src/core/random-id.ts";
import { sampleShare } from "../../../sdk/src/core/sampling.ts";
import { createSampler } from "./sampler.ts";

const VISITORS = 20_000;

/** Ids that are alike, which a weak hash would keep or drop together. */
const sequential = Array.from({ length: VISITORS }, (_, n) => `visitor-${n}`);

/** Ids as the SDK makes them. */
const visitorIds = Array.from({ length: VISITORS }, randomId);

/** How far a share may lie from what is expected of it: 4 standard errors. */
function tolerance(rate: number, of = VISITORS): number {
  return 4 * Math.sqrt((rate * (1 - rate)) / of);
}

describe("sampler", () => {
  test.each([0.001, 0.01, 0.1, 0.25, 0.5, 0.9])("keeps a share of %d of visitors whose ids count up", (rate) => {
    const kept = sequential.filter(createSampler(rate)).length / VISITORS;
    expect(Math.abs(kept - rate)).toBeLessThanOrEqual(tolerance(rate));
  });

  test("keeps everybody at 1 and nobody at 0", () => {
    expect(sequential.every(createSampler(1))).toBe(true);
    expect(sequential.some(createSampler(0))).toBe(false);
  });

  test("says the same of a visitor every time and in every process", () => {
    const first = createSampler(0.5);
    const second = createSampler(0.5);
    for (const visitor of sequential.slice(0, 500)) expect(second(visitor)).toBe(first(visitor));
    // Held for ever: another answer would drop half of the visitors of a running count.
    expect(sequential.slice(0, 16).map(first).map(Number).join("")).toBe("0101101110000000");
  });

  test("keeps at a higher rate whoever it keeps at a lower one", () => {
    const rates = [0.01, 0.1, 0.25, 0.5, 0.99].map(createSampler);
    for (const visitor of sequential.slice(0, 5000)) {
      const decisions = rates.map((isSampled) => Number(isSampled(visitor)));
      expect(decisions).toEqual([...decisions].sort());
    }
  });

  test("decides apart from the client: 0.25 there and 0.5 here keep 12.5 %", () => {
    const isSampled = createSampler(0.5);
    const kept = visitorIds.filter((visitor) => sampleShare(visitor) < 0.25 && isSampled(visitor));
    expect(Math.abs(kept.length / VISITORS - 0.125)).toBeLessThanOrEqual(tolerance(0.125));
  });

  test("keeps half of the visitors whom the client kept, and half of those it dropped", () => {
    const isSampled = createSampler(0.5);
    for (const isKept of [true, false]) {
      const visitors = visitorIds.filter((visitor) => sampleShare(visitor) < 0.5 === isKept);
      const share = visitors.filter(isSampled).length / visitors.length;
      expect(Math.abs(share - 0.5)).toBeLessThanOrEqual(tolerance(0.5, visitors.length));
    }
  });
});
