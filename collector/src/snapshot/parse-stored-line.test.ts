import { describe, expect, test } from "vitest";
import { parseStoredLine } from "./parse-stored-line.ts";

const STORED = {
  event: "x",
  visitor_id: "v",
  id: "i",
  ts: 1,
  sample_rate: 0.5,
  received_at: "2026-11-20T12:00:00.000Z",
};

describe("parseStoredLine", () => {
  test("reads back a line of our own", () => {
    expect(parseStoredLine(JSON.stringify(STORED))).toEqual(STORED);
  });

  test.each([
    "",
    "null",
    "[]",
    "5",
    '"x"',
    "{",
    "{}",
    JSON.stringify({ ...STORED, id: undefined }),
    JSON.stringify({ ...STORED, event: 5 }),
    JSON.stringify({ ...STORED, visitor_id: null }),
    JSON.stringify({ ...STORED, sample_rate: "0.5" }),
  ])("takes %j for somebody else's", (line) => {
    expect(parseStoredLine(line)).toBeUndefined();
  });

  test.each([0, -1, 2])("takes a line with the rate %d for somebody else's: it would spoil every estimate", (rate) => {
    expect(parseStoredLine(JSON.stringify({ ...STORED, sample_rate: rate }))).toBeUndefined();
  });
});
