// @vitest-environment node
import { expect, it } from "vitest";
import { defineDevElements, devTools, readDevMode, snapshotState, subscribeToSnapshots } from "./index.ts";

it("the developer tools are harmless in Node", () => {
  const client = { track: () => expect.unreachable(), flush: async () => {} };
  expect(typeof document).toBe("undefined");
  expect(readDevMode(client)).toBe(false);
  expect(defineDevElements).not.toThrow();
  devTools({ endpoint: "" })(client)();
  subscribeToSnapshots({ endpoint: "" }, () => expect.unreachable())();
  expect(snapshotState({ endpoint: "" })).toEqual({ status: "loading" });
});
