import { describe, expect, test } from "vitest";
import { createLogger, describeError } from "./logger.ts";

const secretive = (message: string) => new Error(message);

describe("describeError", () => {
  test("keeps the kind, the code and the place, and not the message", () => {
    const error = Object.assign(new TypeError("s3cret"), { code: "ENOSPC" });
    expect(describeError(error)).toEqual({
      name: "TypeError",
      code: "ENOSPC",
      at: expect.stringMatching(/^at .*logger\.test\.ts:\d+/),
    });
    expect(JSON.stringify(describeError(error))).not.toContain("s3cret");
  });

  test.each(["line one\n    at s3cret (https://evil.example/?s3cret)\n", "    at s3cret", "", "Error", "at"])(
    "is not fooled by the message %j",
    (message) => {
      const { at } = describeError(secretive(message));
      expect(at).toMatch(/^at secretive .*logger\.test\.ts:\d+/);
    },
  );

  test.each([
    ["s3cret", "string"],
    [{ code: "s3cret" }, "object"],
    [undefined, "undefined"],
    [null, "object"],
  ])("says of %j, which is no error, only what kind of thing it is", (thing, name) => {
    expect(describeError(thing)).toEqual({ name });
  });

  test("takes only text for a code", () => {
    expect(describeError(Object.assign(new Error("x"), { code: { s3cret: 1 } }))).not.toHaveProperty("code");
  });
});

test("createLogger logs from its level on", () => {
  const logger = createLogger("warn");
  expect(logger.isLevelEnabled("warn")).toBe(true);
  expect(logger.isLevelEnabled("info")).toBe(false);
  expect(createLogger("silent").isLevelEnabled("fatal")).toBe(false);
});
