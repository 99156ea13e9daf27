import type { Metadata } from "@tallymark/sdk/protocol";
import { describe, expect, test } from "vitest";
import { metadataFault } from "./metadata-fault.ts";

const parse = (json: string): Metadata => JSON.parse(json);

function nested(levels: number): Metadata {
  return parse(`${'{"a":'.repeat(levels - 1)}{}${"}".repeat(levels - 1)}`);
}

function withKeys(count: number): Metadata {
  return Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${n}`, n]));
}

describe("metadataFault", () => {
  test.each<Metadata>([{}, { a: null }, { a: [], b: {}, c: "", d: 0, e: false }])(
    "finds nothing wrong with %o",
    (metadata) => {
      expect(metadataFault(metadata)).toBeUndefined();
    },
  );

  test("allows four levels and refuses the fifth, of objects and of arrays", () => {
    expect(metadataFault(nested(4))).toBeUndefined();
    expect(metadataFault(nested(5))).toBe("must be at most 4 levels deep");
    expect(metadataFault(parse('{"a":[[[1]]]}'))).toBeUndefined();
    expect(metadataFault(parse('{"a":[[[[]]]]}'))).toBe("must be at most 4 levels deep");
    expect(metadataFault(parse('{"a":1,"b":[1,{"c":[{}]}]}'))).toBe("must be at most 4 levels deep");
  });

  test("allows 64 keys in an object and refuses 65, at every level", () => {
    expect(metadataFault(withKeys(64))).toBeUndefined();
    expect(metadataFault(withKeys(65))).toBe("must have at most 64 keys in an object");
    expect(metadataFault({ a: [withKeys(64), withKeys(64)] })).toBeUndefined();
    expect(metadataFault({ a: [{}, withKeys(65)] })).toBe("must have at most 64 keys in an object");
  });

  test("does not count the entries of an array as keys", () => {
    expect(metadataFault({ a: Array.from({ length: 1000 }, () => 1) })).toBeUndefined();
  });

  test("allows 8192 bytes as JSON and refuses one more", () => {
    const filler = (bytes: number) => ({ a: "x".repeat(bytes - '{"a":""}'.length) });
    expect(metadataFault(filler(8192))).toBeUndefined();
    expect(metadataFault(filler(8193))).toBe("must be at most 8192 bytes as JSON");
  });

  test("counts bytes, not characters", () => {
    expect(metadataFault({ a: "é".repeat(4092) })).toBeUndefined();
    expect(metadataFault({ a: "é".repeat(4093) })).toBe("must be at most 8192 bytes as JSON");
  });

  test("refuses depth and width that were made to hurt, at once", () => {
    const deep = parse(`{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}`);
    const wide = parse(`{"a":[${"{},".repeat(30_000)}{}]}`);
    const startedAt = performance.now();
    expect(metadataFault(deep)).toBe("must be at most 4 levels deep");
    expect(metadataFault(wide)).toBe("must be at most 8192 bytes as JSON");
    expect(performance.now() - startedAt).toBeLessThan(200);
  });

  test("counts `__proto__` as a key like any other, and looks inside", () => {
    expect(metadataFault(parse('{"__proto__":{"a":1}}'))).toBeUndefined();
    expect(metadataFault(parse('{"__proto__":{"a":{"b":{"c":{}}}}}'))).toBe("must be at most 4 levels deep");
  });
});
