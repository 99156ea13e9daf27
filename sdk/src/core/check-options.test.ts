import { afterEach, describe, expect, it, vi } from "vitest";
import { checkOptions } from "./check-options.ts";
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
  ["scroll_depth", { endpoint: "", sampleRates: { error: 1, scroll_depth: 10 } }],
  ["sampleBy", { endpoint: "", sampleBy: "page" as "event" }],
  ["consent", { endpoint: "", consent: "yes" as "granted" }],
  ["identity", { endpoint: "", identity: "cookie" as "memory" }],
];

describe("checkOptions", () => {
  it("says nothing of options that make sense", () => {
    checkOptions({ endpoint: "" });
    checkOptions({ endpoint: "https://a.example", site: "shop.example", sampleRate: 0, sampleRates: { a: 0.5, b: 1 } });
    for (const consent of ["granted", "pending", "denied"] as const) checkOptions({ endpoint: "", consent });
    for (const identity of ["persistent", "session", "memory", "none"] as const)
      checkOptions({ endpoint: "", identity });
    for (const sampleBy of ["visitor", "event"] as const) checkOptions({ endpoint: "", sampleBy });
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
