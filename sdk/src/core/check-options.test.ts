import { afterEach, describe, expect, it, vi } from "vitest";
import { checkOptions, isSite } from "./check-options.ts";
import type { TallymarkOptions } from "./options.ts";

const consoleWarn = vi.spyOn(console, "warn").mockImplementation(() => {});
afterEach(() => {
  vi.unstubAllEnvs();
  consoleWarn.mockClear();
});

const wrong: [string, TallymarkOptions][] = [
  ["endpoint", { endpoint: undefined as unknown as string }],
  ["site", { endpoint: "", site: "my shop" }],
  ["site", { endpoint: "", site: "" }],
  ["sampleRate", { endpoint: "", sampleRate: 1.5 }],
  ["sampleRate", { endpoint: "", sampleRate: -1 }],
  ["sampleRate", { endpoint: "", sampleRate: Number.NaN }],
];

describe("checkOptions", () => {
  it("says nothing of options that make sense", () => {
    checkOptions({ endpoint: "" });
    checkOptions({ endpoint: "https://a.example", site: "shop.example", sampleRate: 0 });
    expect(consoleWarn).not.toHaveBeenCalled();
  });

  it.each(wrong)("names %s once in %j", (name, options) => {
    checkOptions(options);
    expect(consoleWarn).toHaveBeenCalledTimes(1);
    expect(consoleWarn.mock.calls[0]?.[0]).toContain(name);
  });

  it.each(wrong)("says nothing in production, though %s is wrong", (_, options) => {
    vi.stubEnv("NODE_ENV", "production");
    checkOptions(options);
    expect(consoleWarn).not.toHaveBeenCalled();
  });

  it("does not throw where there are no options at all", () => {
    expect(() => checkOptions(undefined as unknown as TallymarkOptions)).not.toThrow();
  });
});

it("knows the name of a site", () => {
  expect(["shop", "shop.example", "a_b-c"].every(isSite)).toBe(true);
  expect(["", "a b", "<b>", "x".repeat(65)].some(isSite)).toBe(false);
});
