import { describe, expect, test } from "vitest";
import { unknownKeys, validateEvent } from "./validate.ts";

describe("validateEvent", () => {
  test("returns what it knows and names what it does not", () => {
    const event = { event: "x", metadata: { a: 1 } };
    expect(validateEvent({ ...event, newer: 1, ip: "192.0.2.1" })).toEqual({
      ok: true,
      event,
      ignored: ["newer", "ip"],
    });
  });

  test("does not name keys of the request round the event", () => {
    const input = { event: "x", sent_at: 1 };
    expect(validateEvent(input)).toMatchObject({ ignored: ["sent_at"] });
    expect(validateEvent(input, new Set(["sent_at"]))).toMatchObject({ ignored: [], event: { event: "x" } });
  });

  test("takes keys that JavaScript has a meaning for as unknown, and is not changed by them", () => {
    const input: unknown = JSON.parse(
      '{"event":"x","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
    );
    expect(validateEvent(input)).toMatchObject({ ok: true, ignored: ["__proto__", "constructor"] });
    expect("polluted" in {}).toBe(false);
  });

  test("is not fooled by an event that is only inherited", () => {
    expect(validateEvent(JSON.parse('{"__proto__":{"event":"x"}}')).ok).toBe(false);
  });
});

test("unknownKeys has nothing to say about what is no object", () => {
  for (const input of [undefined, null, "abc", 5]) expect(unknownKeys(input, new Set())).toEqual([]);
});
