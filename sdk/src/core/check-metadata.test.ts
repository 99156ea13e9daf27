import { describe, expect, it, vi } from "vitest";
import { checkMetadata } from "./check-metadata.ts";

const consoleWarn = vi.spyOn(console, "warn").mockImplementation(() => {});
const warnings = () => consoleWarn.mock.calls.splice(0).map(([text]) => text);

describe("checkMetadata", () => {
  it.each<[string, unknown, string]>([
    ["a function", { run: () => {} }, 'JSON leaves out, a function; its key "run"'],
    ["a symbol", { deep: [{ mark: Symbol("a") }] }, 'JSON leaves out, a symbol; its key "mark"'],
    ["no number", { price: Number.NaN }, 'becomes null in JSON, NaN; its key "price"'],
    ["an element", { target: document.body }, 'is part of the document, of which JSON says nothing; its key "target"'],
    ["a long text", { text: "x".repeat(2001) }, 'is cut after 2000 characters; its key "text"'],
  ])("names the event and the rule for %s", (_, metadata, rule) => {
    checkMetadata("signup", metadata);
    expect(warnings()).toEqual([`Tallymark: the event "signup" has metadata that ${rule}`]);
  });

  it("says each loss of an event once", () => {
    for (let i = 0; i < 3; i++) checkMetadata("signup", { run: () => {}, text: "x".repeat(2001) });
    expect(warnings()).toHaveLength(2);
  });

  it.each<[string, unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["plain JSON", { a: [1, "b", null, { c: true }] }],
    ["a text at the limit", { text: "x".repeat(2000) }],
    ["a date", { at: new Date(0) }],
    ["what is undefined", { nothing: undefined }],
  ])("says nothing of %s", (_, metadata) => {
    checkMetadata("signup", metadata);
    expect(warnings()).toEqual([]);
  });

  it("throws for what is no JSON at all, and names the event", () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    expect(() => checkMetadata("signup", cycle)).toThrow('the metadata of "signup" is not JSON');
    expect(() => checkMetadata(Symbol("a"), { big: 1n })).toThrow("Symbol(a)");
  });

  it("is silent in production", () => {
    vi.stubEnv("NODE_ENV", "production");
    checkMetadata("signup", { run: () => {}, big: 1n });
    vi.unstubAllEnvs();
    expect(warnings()).toEqual([]);
  });
});
