import { expect, it } from "vitest";
import { fingerprint } from "./fingerprint.ts";

const PLACE = "TypeError load /app.js:10:5";

it("is short, and the same for the same", () => {
  const print = fingerprint(PLACE, "x is not a function");
  expect(print).toMatch(/^[\da-z]{1,7}$/);
  expect(fingerprint(PLACE, "x is not a function")).toBe(print);
});

it.each([
  ["number", "order 17 of 20 is missing", "order 4711 of 9 is missing"],
  ["id", "no user 0b14d501-a594-442a-a7c5-2d9a3c1b7a11", "no user ffb0a0f1-2222-4b4b-8c8c-0123456789ab"],
  ["quoted text", "reading 'length' of \"a\" in `b`", "reading 'name' of \"cd\" in `e`"],
])("is the same for messages that differ in a %s", (_, one, other) => {
  expect(fingerprint(PLACE, one)).toBe(fingerprint(PLACE, other));
});

it("is another for another place or message", () => {
  const prints = [
    fingerprint(PLACE, "a failed"),
    fingerprint(PLACE, "b failed"),
    fingerprint("TypeError load /app.js:10:6", "a failed"),
    fingerprint("RangeError load /app.js:10:5", "a failed"),
  ];
  expect(new Set(prints).size).toBe(4);
});
