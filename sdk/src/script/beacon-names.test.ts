import { readdirSync } from "node:fs";
import { expect, it } from "vitest";
import { BEACON_NAMES } from "./beacon-names.ts";

it("names every file there is", () => {
  const files = readdirSync(`${import.meta.dirname}/beacons`);
  expect(files.sort()).toEqual(BEACON_NAMES.map((name) => `${name}.ts`).sort());
});
