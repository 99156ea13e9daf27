import { expect, test } from "vitest";
import { createJoinLines } from "./join-lines.ts";

const joinLines = createJoinLines(100);
const memory = Buffer.from("one\ntwo\nthree\n");
const one = memory.subarray(0, 4);
const two = memory.subarray(4, 8);
const three = memory.subarray(8);

test("one piece stays where it is, however long", () => {
  const long = Buffer.alloc(1000);
  expect(joinLines([long]).buffer).toBe(long.buffer);
  expect(joinLines([long])).toEqual(long);
});

test("pieces that follow each other in memory stay where they are", () => {
  const joined = joinLines([one, two, three]);
  expect(joined.buffer).toBe(memory.buffer);
  expect(joined.toString()).toBe("one\ntwo\nthree\n");
  expect(joinLines([two, three]).toString()).toBe("two\nthree\n");
});

test.each([
  ["with a gap between them", [one, three], "one\nthree\n"],
  ["in another order", [two, one], "two\none\n"],
  ["twice the same", [two, two], "two\ntwo\n"],
  ["of another memory", [one, Buffer.from("2\n"), three], "one\n2\nthree\n"],
])("pieces %s are copied, and stay as they were", (_, pieces, text) => {
  const joined = joinLines(pieces);
  expect(joined.toString()).toBe(text);
  expect(joined.buffer).not.toBe(memory.buffer);
  expect(memory.toString()).toBe("one\ntwo\nthree\n");
});

test("an empty piece changes nothing, and no piece is no byte", () => {
  expect(joinLines([one, two.subarray(0, 0), two]).toString()).toBe("one\ntwo\n");
  expect(joinLines([Buffer.alloc(0), one]).toString()).toBe("one\n");
  expect(joinLines([])).toHaveLength(0);
});
