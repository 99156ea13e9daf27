import { describe, expect, it } from "vitest";
import { MAX_METADATA_BYTES } from "../../protocol/limits.ts";
import { describeError } from "./describe-error.ts";

/** Without its stack, which is that of this test. */
function describeWithoutStack(thrown: unknown) {
  const { stack: _, ...facts } = describeError(thrown, "");
  return facts;
}

describe("describeError", () => {
  it.each([
    ["an error", new TypeError("x is not a function"), "TypeError", "x is not a function"],
    ["an error with a name", Object.assign(new Error("late"), { name: "TimeoutError" }), "TimeoutError", "late"],
    ["a DOMException", new DOMException("aborted", "AbortError"), "AbortError", "aborted"],
    // happy-dom's have no tag.
    [
      "an ErrorEvent",
      Object.assign(new ErrorEvent("error", { message: "no" }), { [Symbol.toStringTag]: "ErrorEvent" }),
      "ErrorEvent",
      "no",
    ],
    ["what is like an error", { name: "HttpError", message: "no", body: "bob" }, "HttpError", "no"],
    ["an error without a message", new RangeError(), "RangeError", ""],
    ["a text", "bob has failed", "String", "bob has failed"],
    ["null", null, "Null", "null"],
    ["undefined", undefined, "Undefined", "undefined"],
    ["a number", 404, "Number", "404"],
    ["a symbol", Symbol("s"), "Symbol", "Symbol(s)"],
    ["an object", { user: "bob" }, "Object", ""],
    ["a list", ["bob"], "Array", ""],
    ["a function, not its source", () => "bob", "Function", ""],
    ["an address, which is no error", new URL("https://a.example/?bob"), "URL", ""],
  ])("tells type and message of %s", (_, thrown, type, message) => {
    expect(describeWithoutStack(thrown)).toEqual({ type, message });
  });

  it("tells no value of an element", () => {
    const input = Object.assign(document.createElement("input"), { name: "bob", value: "bob" });
    expect(JSON.stringify(describeError(input, ""))).not.toContain("bob");
  });

  it("reads the stack, not a message that looks like one", () => {
    const message = `first\n    at bob (${location.origin}/bob.js:1:1)`;
    const error = new Error(message);
    error.stack = `Error: ${message}\n    at go (${location.origin}/app.js:1:2)`;
    expect(describeError(error, "").stack).toEqual(["go /app.js:1:2"]);
  });

  it.each(["a text", null, { stack: 7 }, Object.assign(new Error("x"), { stack: "Error: x" })])(
    "takes the place of the event where there is no stack (%#)",
    (thrown) => {
      expect(describeError(thrown, `@${location.origin}/app.js:1:2`).stack).toEqual(["/app.js:1:2"]);
    },
  );

  it("tells causes, three levels deep", () => {
    const error = [5, 4, 3, 2, 1].reduce((cause, n) => new Error(`e${n}`, { cause }), new Error("e6"));
    expect(describeError(error, "").cause).toBe("Error: e2; Error: e3; Error: e4");
  });

  it("tells a cause that is no error, and none that is nothing", () => {
    expect(describeError(new Error("x", { cause: "disk full" }), "").cause).toBe("String: disk full");
    expect(describeError(new Error("x", { cause: null }), "")).not.toHaveProperty("cause");
  });

  it("comes to an end where causes go round in a circle", () => {
    const error = new Error("a");
    error.cause = new Error("b", { cause: error });
    expect(describeError(error, "").cause).toBe("Error: b; Error: a");
    error.cause = error;
    expect(describeError(error, "").cause).toBe("Error: a");
  });

  it("scrubs message, type, cause and stack", () => {
    const address = "https://bob:bob@a.example/x?bob#bob";
    const error = new Error(`no ${address}`, { cause: new Error(`no ${address}`) });
    error.name = `E ${address}`;
    error.stack = `at go (${address}:1:2)\ngo@${address}:1:2`;
    const facts = describeError(error, "");
    expect(JSON.stringify(facts)).not.toContain("bob");
    expect(facts).toEqual({
      type: "E https://a.example/x",
      message: "no https://a.example/x",
      stack: ["go https://a.example/x:1:2", "go https://a.example/x:1:2"],
      cause: "E https://a.example/x: no https://a.example/x".replace(/^E \S+ /, "Error: "),
    });
  });

  it("stays within what the collector takes, whatever is thrown", () => {
    const long = "漢字 ".repeat(400);
    const error = new Error(long, { cause: new Error(long, { cause: new Error(long) }) });
    error.name = long;
    error.stack = `at ${"漢".repeat(200)} (https://a.example/:1:2)\n`.repeat(20);
    const facts = describeError(error, "");
    expect(facts.stack).toHaveLength(10);
    // Room for the rest of the event's metadata.
    expect(new TextEncoder().encode(JSON.stringify(facts)).length).toBeLessThan(MAX_METADATA_BYTES - 500);
  });
});

describe("what does not want to be read", () => {
  const thrower = () => {
    throw new Error("mine");
  };
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();

  it.each([
    ["a getter that throws", Object.defineProperty({}, "message", { get: thrower })],
    ["a Proxy that throws", new Proxy({}, { get: thrower })],
    ["a Proxy that is revoked", revoked.proxy],
    ["a tag that throws", Object.defineProperty({}, Symbol.toStringTag, { get: thrower })],
    ["a name that is no text", { message: "x", name: { toString: thrower } }],
  ])("is told as an object: %s", (_, thrown) => {
    expect(describeError(thrown, `@${location.origin}/app.js:1:2`)).toEqual({
      type: "object",
      message: "",
      stack: ["/app.js:1:2"],
    });
  });

  it.each(["stack", "cause"])("is told but for its %s, where only that throws", (key) => {
    const thrown = Object.defineProperty(new TypeError("x"), key, { get: thrower });
    expect(describeWithoutStack(thrown)).toEqual({ type: "TypeError", message: "x" });
  });

  it("does not run what was thrown", () => {
    const calls: string[] = [];
    const note = (key: string) => () => `${calls.push(key)}`;
    describeError({ toString: note("toString"), valueOf: note("valueOf"), toJSON: note("toJSON") }, "");
    expect(calls).toEqual([]);
  });
});
