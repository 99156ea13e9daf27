import { describe, expect, test } from "vitest";
import { codeOf, DataFolderError, reasonOf } from "./data-folder-error.ts";

const withCode = (code: unknown) => Object.assign(new Error("secret path"), { code });

describe("codeOf", () => {
  test("gives the code of the file system", () => {
    expect(codeOf(withCode("ENOSPC"))).toBe("ENOSPC");
  });

  test.each([[new Error("no code")], [withCode(5)], ["ENOSPC"], [undefined], [null], [{ code: "ENOSPC" }]])(
    "is `unknown` for %o",
    (error) => {
      expect(codeOf(error)).toBe("unknown");
    },
  );
});

describe("reasonOf", () => {
  test.each([
    ["EACCES", "this user may not write there"],
    ["ENOTDIR", "a part of the path is a file, not a folder"],
    ["EROFS", "it is on a read-only file system"],
    ["ENOSPC", "the disk is full"],
    ["ENOENT", "it does not exist"],
  ])("puts %s into words", (code, words) => {
    expect(reasonOf(withCode(code))).toBe(words);
  });

  test("falls back on the code itself", () => {
    expect(reasonOf(withCode("EXDEV"))).toBe("EXDEV");
  });
});

test("a DataFolderError has its own name, so that a start can print its message alone", () => {
  expect(new DataFolderError("x")).toMatchObject({ name: "DataFolderError", message: "x" });
});
