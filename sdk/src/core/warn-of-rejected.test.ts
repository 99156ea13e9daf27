import { afterEach, expect, it, vi } from "vitest";
import { warnOfRejected } from "./warn-of-rejected.ts";

const consoleWarn = vi.spyOn(console, "warn").mockImplementation(() => {});
afterEach(() => {
  vi.unstubAllEnvs();
  consoleWarn.mockClear();
});

const BATCH = ['{"event":"good"}', '{"event":"sign up"}'];
const ANSWER = JSON.stringify({ ok: true, rejected: [{ index: 1, reason: "schema", detail: "event: must be …" }] });

it("names each event that was not taken, and the rule", () => {
  warnOfRejected(BATCH, ANSWER);
  expect(consoleWarn).toHaveBeenCalledExactlyOnceWith(expect.stringContaining("event: must be …"), BATCH[1]);
});

it("is silent in production", () => {
  vi.stubEnv("NODE_ENV", "production");
  warnOfRejected(BATCH, ANSWER);
  expect(consoleWarn).not.toHaveBeenCalled();
});

it.each([undefined, "", "{}", '{"rejected":[]}', '{"rejected":5}', "null", "<h1>Hello</h1>"])(
  "is silent, and does not throw, where the answer is %j",
  (text) => {
    expect(() => warnOfRejected(BATCH, text)).not.toThrow();
    expect(consoleWarn).not.toHaveBeenCalled();
  },
);
