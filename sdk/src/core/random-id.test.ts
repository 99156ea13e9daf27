import { expect, it } from "vitest";
import { IDENTIFIER } from "../protocol/limits.ts";
import { randomId } from "./random-id.ts";

it("makes 32 hexadecimal digits that the protocol takes for an id", () => {
  for (let count = 0; count < 1000; count++) {
    const id = randomId();
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(id).toMatch(IDENTIFIER);
  }
});

it("makes no id twice, and uses every digit in every place", () => {
  const ids = Array.from({ length: 5000 }, randomId);
  expect(new Set(ids).size).toBe(5000);
  for (let place = 0; place < 32; place++) expect(new Set(ids.map((id) => id[place])).size).toBe(16);
});
