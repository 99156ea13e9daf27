import fc from "fast-check";
import { expect, test } from "vitest";
import { bySegmentTime, parseSegment, segmentName, utcDay } from "./segment.ts";

/** Every day of eight thousand years. */
const day = fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(9999, 11, 31) }).map(utcDay);
const shard = fc.integer({ min: 0, max: 999_999_999 });
const kind = fc.constantFrom("plain" as const, "gz" as const, "torn" as const);
const segment = fc
  .record({ day, shard, kind })
  .map((parts) => ({ ...parts, name: segmentName(parts.day, parts.shard) + endingOf(parts.kind) }));

function endingOf(kind: "plain" | "gz" | "torn"): string {
  return kind === "plain" ? "" : `.${kind}`;
}

test("every name that is made is read back as what it was made of", () => {
  fc.assert(
    fc.property(segment, (made) => {
      expect(parseSegment(made.name)).toEqual(made);
    }),
  );
});

test("two files never share a name", () => {
  fc.assert(
    fc.property(segment, segment, (a, b) => {
      const isSame = a.day === b.day && a.shard === b.shard && a.kind === b.kind;
      expect(a.name === b.name).toBe(isSame);
    }),
  );
});

test("sorting is by time: by day, and in a day by number", () => {
  fc.assert(
    fc.property(segment, segment, (a, b) => {
      const order = Math.sign(Date.parse(a.day) - Date.parse(b.day)) || Math.sign(a.shard - b.shard);
      expect(Math.sign(bySegmentTime(a, b))).toBe(order);
      expect(Math.sign(bySegmentTime(b, a))).toBe(0 - order);
    }),
  );
});

test("no other text is read as a name: what is read is exactly what makes that name", () => {
  const nearlyName = fc
    .tuple(segment, fc.nat(), fc.nat(3), fc.string({ unit: "grapheme", maxLength: 3 }))
    .map(([{ name }, at, cut, put]) => {
      const index = at % (name.length + 1);
      return name.slice(0, index) + put + name.slice(index + cut);
    });
  fc.assert(
    fc.property(fc.oneof(nearlyName, fc.string({ unit: "binary" })), (text) => {
      const read = parseSegment(text);
      if (read) expect(segmentName(read.day, read.shard) + endingOf(read.kind)).toBe(text);
    }),
    { numRuns: 2000 },
  );
});
