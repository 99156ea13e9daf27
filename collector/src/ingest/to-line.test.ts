import type { WireEvent } from "@tallymark/sdk/protocol";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { prepareEvent } from "./prepare.ts";
import { createRequestFields, escapeLineBreaks, type RequestFields, toLine } from "./to-line.ts";

const RECEIVED_AT = "2026-11-20T12:00:00.000Z";
const NOW = Date.parse(RECEIVED_AT);

/** The line of an event, as the pipeline makes it. */
function lineOf(event: Partial<WireEvent>, device?: Parameters<RequestFields>[1], hasNoEscapes = false): string {
  const context = { receivedAt: NOW, userAgent: "", address: () => "" };
  const options = { maxAgeMs: 1, dailyVisitor: () => "daily" };
  const prepared = prepareEvent({ event: "x", id: "i", visitor_id: "v", ...event }, context, options);
  if (!prepared.ok) throw new Error(prepared.reason);
  return escapeLineBreaks(
    toLine(prepared.event, prepared.event.sample_rate, createRequestFields()(NOW, device), hasNoEscapes),
  );
}

describe("toLine", () => {
  test("begins with the id, says when it came, and holds nothing else that was not sent", () => {
    expect(lineOf({})).toBe(
      `{"id":"i","event":"x","visitor_id":"v","ts":${NOW},"sample_rate":1,"received_at":"${RECEIVED_AT}"}\n`,
    );
    expect(lineOf({ event: "y" }, { type: "mobile", os: "iOS" })).toBe(
      `{"id":"i","event":"y","visitor_id":"v","ts":${NOW},"sample_rate":1,"device":{"type":"mobile","os":"iOS"},"received_at":"${RECEIVED_AT}"}\n`,
    );
  });

  test("is one line of JSON whatever is in it, and reads back the same", () => {
    const title = 'a\nb\r\u0085\u2028\u2029\u0000\u001b[31m%s\\"\ud83d\ude00';
    const line = lineOf({ title, metadata: { [title]: title } });
    for (const mark of ["\n", "\r", "\u0085", "\u2028", "\u2029", "\u0000", "\u001b"]) {
      expect(line.slice(0, -1)).not.toContain(mark);
    }
    expect(JSON.parse(line)).toMatchObject({ title, metadata: { [title]: title } });
  });

  test("holds `__proto__` in metadata as data", () => {
    const metadata = JSON.parse('{"__proto__":{"polluted":1}}');
    expect(lineOf({ metadata })).toContain('"metadata":{"__proto__":{"polluted":1}}');
  });

  test("is the same where nothing is looked for that needs an escape, and nothing does", () => {
    const event = {
      title: "T",
      url: "/é/\u2028",
      referrer: "https://r.example/",
      language: "en",
      metadata: { é: "😀" },
    };
    expect(lineOf(event, undefined, true)).toBe(lineOf(event));
    expect(lineOf(event, undefined, true)).not.toContain("\u2028");
  });

  test("reads back as what was prepared, for any text, number and metadata", () => {
    const text = fc.string({ unit: "binary", minLength: 1, maxLength: 16 });
    const events = fc.record(
      {
        title: text,
        language: text,
        session_id: fc.stringMatching(/^[\w-]{1,64}$/),
        site: fc.stringMatching(/^[\w.-]{1,64}$/),
        page_view_id: fc.stringMatching(/^[\w-]{1,64}$/),
        viewport: fc.constantFrom("xs" as const, "xl" as const),
        sample_rate: fc.double({ min: 0, minExcluded: true, max: 1, noNaN: true }),
        metadata: fc.dictionary(text, fc.jsonValue()),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(events, (event) => {
        const sent = JSON.parse(JSON.stringify(event));
        expect(JSON.parse(lineOf(sent))).toEqual({
          id: "i",
          event: "x",
          visitor_id: "v",
          ts: NOW,
          sample_rate: 1,
          received_at: RECEIVED_AT,
          ...sent,
        });
      }),
    );
  });
});
