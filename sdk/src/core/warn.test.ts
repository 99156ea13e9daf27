import { afterEach, expect, it, vi } from "vitest";
import { warn } from "./warn.ts";

const consoleWarn = vi.spyOn(console, "warn").mockImplementation(() => {});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  consoleWarn.mockClear();
});

it("names the product and what it is about, in development", () => {
  warn("site must be short, not", "x");
  expect(consoleWarn).toHaveBeenCalledExactlyOnceWith("Tallymark: site must be short, not", "x");
});

it("is silent in production", () => {
  vi.stubEnv("NODE_ENV", "production");
  warn("x");
  expect(consoleWarn).not.toHaveBeenCalled();
});

it("is silent where there is no process, as in a browser without a bundler", () => {
  vi.stubGlobal("process", undefined);
  warn("x");
  expect(consoleWarn).not.toHaveBeenCalled();
});
