import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { WIRE_EVENT_KEYS, wireEvent } from "./schema.ts";
import { validateEvent } from "./validate.ts";

/** What is wrong with an otherwise good event, as `path message`. */
function faults(fields: object): string[] {
  const result = validateEvent({ event: "page_view", ...fields });
  return result.ok ? [] : result.issues.map(({ path, message }) => `${path} ${message}`);
}

const NAME_RULE = "must be 1–64 characters: a letter, then letters, digits, _ . : or -";
const IDENTIFIER_RULE = "must be 1–64 characters of A–Z, a–z, 0–9, _ and -";
const SITE_RULE = "must be 1–64 characters of A–Z, a–z, 0–9, _ . and -";

describe("an event's name", () => {
  test.each(["a", "Z", "page_view", "a.b:c-d_9", "x".repeat(64)])("may be %j", (event) => {
    expect(faults({ event })).toEqual([]);
  });

  test.each(["", "x".repeat(65), "1a", "_a", " a", "a b", "a\n", "é", "a<b>", "a\u0000", "a/b"])(
    "is never %j",
    (event) => {
      expect(faults({ event })).toEqual([`event ${NAME_RULE}`]);
    },
  );

  test.each([null, 1, true, [], {}, ["page_view"]])("is never %j, which is no string", (event) => {
    expect(faults({ event })).toEqual(["event must be a string"]);
  });

  test("is required", () => {
    expect(validateEvent({})).toEqual({ ok: false, issues: [{ path: "event", message: "is required" }] });
  });
});

describe.each(["id", "session_id", "page_view_id", "visitor_id"])("%s", (key) => {
  const rule = key === "visitor_id" ? `must be empty, or ${IDENTIFIER_RULE.slice("must be ".length)}` : IDENTIFIER_RULE;

  test.each(["a", "-", "_", "0", "x".repeat(64), "0190b2f4-7c1a-7d3e-8f10-aabbccddeeff"])("may be %j", (value) => {
    expect(faults({ [key]: value })).toEqual([]);
  });

  test.each(["x".repeat(65), "a.b", "a b", "a/../b", "é", "a\n", "<b>", "%2e", "a\u0000"])("is never %j", (value) => {
    expect(faults({ [key]: value })).toEqual([`${key} ${rule}`]);
  });

  test.each([null, 1, [], {}, true])("is never %j, which is no string", (value) => {
    expect(faults({ [key]: value })).toEqual([`${key} must be a string`]);
  });
});

test("visitor_id may be empty: a visitor without an id", () => {
  expect(faults({ visitor_id: "" })).toEqual([]);
});

test.each(["id", "page_view_id"])("%s is never empty", (key) => {
  expect(faults({ [key]: "" })).toEqual([`${key} ${IDENTIFIER_RULE}`]);
});

describe("site", () => {
  test.each(["a", "www.example.com", "shop_1-2", "x".repeat(64)])("may be %j", (site) => {
    expect(faults({ site })).toEqual([]);
  });

  test.each(["", "x".repeat(65), "a/b", "a:1", "..\\", "a b", "\0"])("is never %j", (site) => {
    expect(faults({ site })).toEqual([`site ${SITE_RULE}`]);
  });
});

describe("ts", () => {
  test.each([0, -1, 1_700_000_000_000, Number.MAX_SAFE_INTEGER])("may be %d as far as the schema goes", (ts) => {
    expect(faults({ ts })).toEqual([]);
  });

  test.each([0.5, Number.MAX_SAFE_INTEGER + 1, 1e300])("is never %d", (ts) => {
    expect(faults({ ts })).toEqual(["ts must be whole milliseconds"]);
  });

  test.each(["1700000000000", null, true])("is never %j, which is no number", (ts) => {
    expect(faults({ ts })).toEqual(["ts must be a number of milliseconds"]);
  });
});

describe.each([
  ["url", 2048],
  ["referrer", 2048],
  ["title", 256],
])("%s", (key, limit) => {
  test("may be any text up to its limit", () => {
    for (const value of ["", "<script>", "\u0000\u2028", "x".repeat(limit)])
      expect(faults({ [key]: value })).toEqual([]);
  });

  test("is never longer than its limit, and never anything but text", () => {
    expect(faults({ [key]: "x".repeat(limit + 1) })).toEqual([`${key} must be at most ${limit} characters`]);
    for (const value of [1, null, [], {}]) expect(faults({ [key]: value })).toEqual([`${key} must be a string`]);
  });
});

describe("language", () => {
  test.each(["", "en", "pt-BR", "en-US@posix", "x".repeat(16)])("may be %j", (language) => {
    expect(faults({ language })).toEqual([]);
  });

  test("is never longer", () => {
    expect(faults({ language: "x".repeat(17) })).toEqual(["language must be at most 16 characters"]);
  });
});

describe("viewport", () => {
  test.each(["xs", "sm", "md", "lg", "xl"])("may be %s", (viewport) => {
    expect(faults({ viewport })).toEqual([]);
  });

  test.each(["", "XS", "xxl", "1024", 1024, null])("is never %j", (viewport) => {
    expect(faults({ viewport })).toEqual(["viewport must be one of xs, sm, md, lg, xl"]);
  });
});

describe("sample_rate", () => {
  test.each([1, 0.5, 1e-9, Number.MIN_VALUE])("may be %d", (rate) => {
    expect(faults({ sample_rate: rate })).toEqual([]);
  });

  test.each([0, -0, -0.5, 1.000001, 100])("is never %d", (rate) => {
    expect(faults({ sample_rate: rate })).toEqual(["sample_rate must be more than 0 and at most 1"]);
  });

  test.each(["0.5", null, [0.5]])("is never %j, which is no number", (rate) => {
    expect(faults({ sample_rate: rate })).toEqual(["sample_rate must be a number"]);
  });
});

describe("metadata", () => {
  test("may be any plain JSON object", () => {
    expect(faults({ metadata: { a: [1, "b", null, { c: true }] } })).toEqual([]);
  });

  test.each([null, [], "a", 1, true])("is never %j", (metadata) => {
    expect(faults({ metadata })).toEqual(["metadata must be an object"]);
  });

  test("is never too deep", () => {
    expect(faults({ metadata: { a: { b: { c: { d: {} } } } } })).toEqual(["metadata must be at most 4 levels deep"]);
  });
});

describe("an event as a whole", () => {
  test.each(["page_view", 1, true, null])("is never %j", (input) => {
    expect(validateEvent(input)).toEqual({ ok: false, issues: [{ path: "", message: "must be a JSON object" }] });
  });

  test("is never an array", () => {
    expect(validateEvent([{ event: "page_view" }]).ok).toBe(false);
  });

  test("names every fault at once", () => {
    expect(faults({ event: "", ts: "now", viewport: "huge" }).map((fault) => fault.split(" ")[0])).toEqual([
      "event",
      "ts",
      "viewport",
    ]);
  });

  test("repeats no value in any fault", () => {
    const keys = [...WIRE_EVENT_KEYS];
    for (const key of keys) {
      const said = JSON.stringify(validateEvent({ event: "x", [key]: "s3cret value!".repeat(300) }));
      expect(said).toContain(key);
      if (key !== "url") expect(said).not.toContain("s3cret");
    }
    expect(JSON.stringify(validateEvent("s3cret value!"))).not.toContain("s3cret");
  });

  test("has optional keys that may be absent but not undefined", () => {
    expect(v.safeParse(wireEvent, { event: "x", id: undefined }).success).toBe(false);
  });
});
