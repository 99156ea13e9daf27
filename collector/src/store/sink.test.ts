import { describe, expect, test } from "vitest";
import { SINK_ERROR_REASONS, SinkError, sinkErrorReason } from "./sink.ts";

describe("sinkErrorReason", () => {
  test.each([
    ["ENOSPC", "disk_full"],
    ["EDQUOT", "disk_full"],
    ["EACCES", "not_writable"],
    ["EPERM", "not_writable"],
    ["EROFS", "not_writable"],
    ["ELOCKED", "not_writable"],
    ["ENOENT", "folder_missing"],
    ["ENOTDIR", "folder_missing"],
    ["EMFILE", "too_many_files"],
    ["ENFILE", "too_many_files"],
    ["EIO", "io"],
    ["constructor", "io"],
    ["", "io"],
  ])("takes %s for %s", (code, reason) => {
    expect(sinkErrorReason(code)).toBe(reason);
    expect(SINK_ERROR_REASONS).toContain(sinkErrorReason(code));
  });
});

test("a SinkError says why, and keeps its cause", () => {
  const cause = new Error("disk");
  const error = new SinkError("disk_full", cause);
  expect(error).toMatchObject({ name: "SinkError", reason: "disk_full", cause });
  expect(error.message).toBe("events cannot be stored: disk_full");
});
