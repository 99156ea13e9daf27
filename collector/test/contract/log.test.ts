import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { createTestCollector } from "../create-test-collector.ts";
import { diskError, fileHandlePrototype } from "../file-handle-prototype.ts";

const LOGGER = fileURLToPath(new URL("../../src/observe/logger.ts", import.meta.url));

describe("the log", () => {
  test("stops nothing where it cannot be written", async () => {
    const program = `
      import { createLogger } from ${JSON.stringify(LOGGER)};
      const logger = createLogger("info");
      for (let line = 0; line < 1000; line++) logger.error({ line, filler: "x".repeat(200) }, "refused");
      console.error("alive");
    `;
    // A file that is open for reading only refuses like a full disk does, on every system.
    const stdout = openSync(LOGGER, "r");
    onTestFinished(() => closeSync(stdout));
    expect(await stderrOf(program, stdout)).toBe("alive\n");
  });

  test("says once that events cannot be stored, and once that they can be again", async () => {
    const { post, logLines } = await createTestCollector();
    onTestFinished(() => void vi.restoreAllMocks());
    const write = vi.spyOn(await fileHandlePrototype(), "write").mockRejectedValue(diskError("ENOSPC"));
    for (let round = 0; round < 3; round++) expect((await post("/event", { event: "x" })).status).toBe(503);
    write.mockRestore();
    for (let round = 0; round < 3; round++) expect((await post("/event", { event: "x" })).status).toBe(202);
    const said = logLines.map((line) => JSON.parse(line)).filter(({ msg }) => msg !== "request");
    expect(said).toMatchObject([
      { level: 50, reason: "disk_full", code: "ENOSPC", msg: "events could not be stored; said at most once a minute" },
      { level: 40, msg: "events can be stored again" },
    ]);
  });
});

async function stderrOf(program: string, stdout: number): Promise<string> {
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", program], {
    cwd: join(LOGGER, "../../.."),
    stdio: ["ignore", stdout, "pipe"],
  });
  let printed = "";
  child.stderr?.on("data", (chunk) => (printed += chunk));
  await once(child, "close");
  return printed;
}
