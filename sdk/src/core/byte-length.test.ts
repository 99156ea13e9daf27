import { expect, it } from "vitest";
import { byteLength } from "./byte-length.ts";

it.each([
  ["", 0],
  ["abc", 3],
  ["é", 2],
  ["€", 3],
  ["😀", 4],
  // Sent as the replacement character.
  ["\uD800", 3],
])("counts %j as %d bytes", (text, bytes) => {
  expect(byteLength(text)).toBe(bytes);
});
