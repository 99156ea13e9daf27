import { describe, expect, test } from "vitest";
import { parseBody } from "./parse-body.ts";

const parse = (text: string) => parseBody(Buffer.from(text));

describe("parseBody", () => {
  test("parses JSON, with and without a byte order mark", () => {
    expect(parse('{"a":"é😀"}')).toEqual({ a: "é😀" });
    expect(parse('\ufeff{"a":1}')).toEqual({ a: 1 });
  });

  test.each([
    ["an overlong slash", [0xc0, 0xaf]],
    ["half a character", [0xe2, 0x82]],
    ["a byte that is never UTF-8", [0xff]],
    ["a surrogate in bytes", [0xed, 0xa0, 0x80]],
  ])("makes %s readable", (_title, bytes) => {
    const body = Buffer.concat([Buffer.from('{"a":"x'), Buffer.from(bytes), Buffer.from('y"}')]);
    expect(parseBody(body)).toEqual({ a: expect.stringMatching(/^x\ufffd+y$/) });
  });

  test("replaces escaped halves of a surrogate pair, in values and in keys, and leaves whole pairs alone", () => {
    expect(parse('{"a":"x\\ud83dy","b":"\\ud83d\\ude00"}')).toEqual({ a: "x\ufffdy", b: "😀" });
    expect(parse('{"k\\udc00":[{"l\\uD800":1}]}')).toEqual({ "k\ufffd": [{ "l\ufffd": 1 }] });
    expect(parse('["\\ude00\\ud83d"]')).toEqual(["\ufffd\ufffd"]);
    expect(parse('{"a":"\\\\ud83d"}')).toEqual({ a: "\\ud83d" });
  });

  test.each(['{"__proto__":{"polluted":1},"a":1}', '{"__proto__":{"polluted":1},"a":"\\ud800"}'])(
    "keeps `__proto__` as data: %s",
    (text) => {
      const parsed = parse(text);
      expect(Object.keys(parsed as object)).toEqual(["__proto__", "a"]);
      expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype);
      expect(JSON.stringify(parsed)).toContain('"__proto__":{"polluted":1}');
      expect("polluted" in {}).toBe(false);
    },
  );

  test("keeps `__proto__` as data where its own object is made anew", () => {
    const parsed = parse('{"__proto__":{"polluted":1},"k\\ud800":1}');
    expect(Object.keys(parsed as object)).toEqual(["__proto__", "k\ufffd"]);
    expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype);
    expect("polluted" in {}).toBe(false);
  });

  test.each(["", "{", '{"a":}', "undefined", "{'a':1}", '{"a":1}x', "NaN", '{"a":"\n"}', "\u0000"])(
    "throws at %j",
    (text) => {
      expect(() => parse(text)).toThrow(SyntaxError);
    },
  );

  test("gives the last of two keys of the same name, as JSON.parse does", () => {
    expect(parse('{"a":1,"a":2}')).toEqual({ a: 2 });
  });

  test("is done at once with a body made to be deep, and never overflows the process", () => {
    const startedAt = performance.now();
    expect(() => parse("[".repeat(100_000))).toThrow(SyntaxError);
    expect(Array.isArray(parse("[".repeat(30_000) + "]".repeat(30_000)))).toBe(true);
    // With a surrogate the tree is walked: the walk may run out of stack, and says so with an error one can catch.
    expect(() => parse(`${"[".repeat(30_000)}"\\ud800"${"]".repeat(30_000)}`)).toThrow(RangeError);
    expect(performance.now() - startedAt).toBeLessThan(500);
  });
});
