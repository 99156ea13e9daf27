import { expect, it } from "vitest";
import { cutText } from "./cut-text.ts";

it("leaves texts of 2,000 characters and everything else as they are", () => {
  const value = { text: "x".repeat(2000), list: [1, true, null, { deep: "y", slice: "pizza" }] };
  expect(JSON.stringify(value, cutText)).toBe(JSON.stringify(value));
});

it("cuts a longer text, however deep, and says so by its end", () => {
  const long = "x".repeat(2001);
  const cut = `${"x".repeat(2000)}…`;
  expect(JSON.parse(JSON.stringify({ text: long, deep: [{ text: long }] }, cutText))).toEqual({
    text: cut,
    deep: [{ text: cut }],
  });
});
