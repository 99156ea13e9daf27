import fc from "fast-check";
import * as v from "valibot";
import { expect, test } from "vitest";
import { isPlainEnvelope, isPlainEvent } from "./is-plain-event.ts";
import { envelope, wireEvent } from "./schema.ts";

const strings = fc.oneof(
  fc.stringMatching(/^[\w.:-]{0,66}$/),
  fc.string({ maxLength: 20 }),
  fc.constantFrom("", "xs", "xl", "page_view", "9", "a b", "é"),
  fc.integer({ min: 60, max: 68 }).map((length) => "x".repeat(length)),
  fc.integer({ min: 254, max: 258 }).map((length) => "x".repeat(length)),
  fc.integer({ min: 2046, max: 2050 }).map((length) => "x".repeat(length)),
);
const numbers = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.constantFrom(
    0,
    -0,
    1,
    0.5,
    1.5,
    -1,
    Number.MAX_SAFE_INTEGER,
    Number.MAX_SAFE_INTEGER + 1,
    Number.POSITIVE_INFINITY,
    1e15,
  ),
);
const metadata = fc.oneof(
  fc.jsonValue({ maxDepth: 5 }),
  fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 })),
  fc.integer({ min: 62, max: 66 }).map((keys) => Object.fromEntries(Array.from({ length: keys }, (_, n) => [n, n]))),
  fc.integer({ min: 8170, max: 8200 }).map((length) => ({ a: "x".repeat(length) })),
  fc.integer({ min: 1350, max: 1370 }).map((length) => ({ a: "\u0001".repeat(length) })),
);
const anything = fc.oneof(strings, numbers, metadata, fc.jsonValue());

/** Objects whose fields are right, wrong at the edge, or anything at all, and which hold other keys too. */
function objects(fields: { readonly [key: string]: fc.Arbitrary<unknown> }) {
  const arbitraries = Object.entries(fields).map(([key, right]) => [
    key,
    fc.oneof({ weight: 6, arbitrary: right }, { weight: 1, arbitrary: anything }),
  ]);
  return fc.record({ ...Object.fromEntries(arbitraries), other: anything }, { requiredKeys: [] });
}

const events = objects({
  event: fc.stringMatching(/^[a-z][\w.:-]{0,64}$/),
  visitor_id: fc.stringMatching(/^[\w-]{0,65}$/),
  id: fc.stringMatching(/^[\w-]{1,65}$/),
  session_id: fc.stringMatching(/^[\w-]{1,65}$/),
  site: fc.stringMatching(/^[\w.-]{1,65}$/),
  ts: fc.integer(),
  url: strings,
  referrer: strings,
  title: strings,
  page_view_id: fc.stringMatching(/^[\w-]{1,65}$/),
  language: fc.string({ maxLength: 17 }),
  viewport: fc.constantFrom("xs", "sm", "md", "lg", "xl"),
  sample_rate: fc.double({ min: 0, max: 1, noNaN: true }),
  metadata,
});

const envelopes = objects({
  sent_at: fc.integer(),
  sdk: strings,
  dropped: fc.dictionary(fc.string(), numbers),
});

/** As it comes off the wire. */
const parsed = (value: unknown): unknown => JSON.parse(JSON.stringify(value) ?? "null");

test("isPlainEvent says yes to exactly what the schema accepts", () => {
  const verdicts = { yes: 0, no: 0 };
  fc.assert(
    fc.property(fc.oneof({ weight: 20, arbitrary: events }, fc.jsonValue()), (value) => {
      const input = parsed(value);
      const isPlain = isPlainEvent(input);
      verdicts[isPlain ? "yes" : "no"] += 1;
      expect(isPlain).toBe(v.safeParse(wireEvent, input).success);
    }),
    { numRuns: 5000 },
  );
  // A test that only ever sees one of the two could not fail.
  expect(Math.min(verdicts.yes, verdicts.no)).toBeGreaterThan(200);
});

test("isPlainEnvelope says yes only to what the schema accepts, and to what the SDK sends", () => {
  fc.assert(
    fc.property(fc.oneof({ weight: 20, arbitrary: envelopes }, fc.jsonValue()), (value) => {
      const input = parsed(value);
      if (isPlainEnvelope(input)) expect(v.safeParse(envelope, input).success).toBe(true);
    }),
    { numRuns: 2000 },
  );
  expect(isPlainEnvelope({ sent_at: 1_795_176_000_000, dropped: {}, events: [] })).toBe(true);
  expect(isPlainEnvelope({ events: [] })).toBe(true);
});

test("isPlainEvent is not fooled by what is only inherited, or by an array", () => {
  expect(isPlainEvent(JSON.parse('{"__proto__":{"event":"x"}}'))).toBe(false);
  expect(isPlainEvent(Object.assign([], { event: "x" }))).toBe(false);
});
