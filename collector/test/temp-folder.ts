import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** An empty folder that is gone when the test is over. Call it from a test's body. */
export function tempFolder(): string {
  const path = mkdtempSync(join(tmpdir(), "tallymark-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}
