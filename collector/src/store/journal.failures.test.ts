import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { diskError, fileHandlePrototype } from "../../test/file-handle-prototype.ts";
import { tempFolder } from "../../test/temp-folder.ts";
import { createJournal, type JournalOptions } from "./journal.ts";

const FIRST = "metrics-2026-11-20.jsonl";
const NOON = Date.parse("2026-11-20T12:00:00Z");

afterEach(() => {
  vi.restoreAllMocks();
});

async function setUp(options: Partial<JournalOptions> = {}) {
  const dataDir = tempFolder();
  const linkPath = join(dataDir, "metrics.jsonl");
  const onCommit = vi.fn();
  const onError = vi.fn();
  const journal = createJournal({
    linkPath,
    maxBytes: 1_000_000,
    durability: "fsync",
    queueCapacity: 1000,
    now: () => NOON,
    onCommit,
    onError,
    ...options,
  });
  await journal.open();
  const datasync = vi.spyOn(await fileHandlePrototype(), "datasync");
  const linesOf = (name: string) => readFileSync(join(dataDir, name), "utf8").split("\n").slice(0, -1);
  return { journal, linesOf, datasync, onCommit, onError };
}

/** Holds every fdatasync back until `release()`. */
function hold(datasync: Awaited<ReturnType<typeof setUp>>["datasync"]): () => void {
  let release = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  datasync.mockImplementation(() => gate);
  return release;
}

async function untilCalled(mock: { readonly mock: { readonly calls: unknown[] } }, times: number): Promise<void> {
  await vi.waitFor(() => expect(mock.mock.calls.length).toBeGreaterThanOrEqual(times));
}

describe("a full queue", () => {
  test("refuses what does not fit, takes none of it, and takes more once there is room", async () => {
    const { journal, linesOf, datasync, onError } = await setUp({ queueCapacity: 3 });
    const release = hold(datasync);
    const first = journal.append(["1", "2"]);
    await untilCalled(datasync, 1);
    await expect(journal.append(["3", "4"])).rejects.toMatchObject({ name: "SinkError", reason: "queue_full" });
    expect(onError).toHaveBeenCalledWith("queue_full", "queue_full");
    const fits = journal.append(["5"]);
    release();
    await Promise.all([first, fits]);
    await journal.append(["6", "7", "8"]);
    expect(linesOf(FIRST)).toEqual(["1", "2", "5", "6", "7", "8"]);
    await journal.close();
  });
});

describe("a failure", () => {
  test("rejects the whole group, and the next group heals it", async () => {
    const { journal, linesOf, datasync, onError, onCommit } = await setUp();
    datasync.mockRejectedValueOnce(diskError("EIO"));
    const failed = await Promise.allSettled([journal.append(["1"]), journal.append(["2"])]);
    expect(failed).toMatchObject([
      { status: "rejected", reason: { name: "SinkError", reason: "io" } },
      { status: "rejected", reason: { name: "SinkError", reason: "io" } },
    ]);
    expect(onError.mock.calls).toEqual([["io", "EIO"]]);
    expect(onCommit).not.toHaveBeenCalled();
    expect(journal.failure).toBe("io");
    expect(journal.depth).toBe(0);

    expect(await journal.append(["3"])).toBe("metrics-2026-11-20.1.jsonl");
    expect(journal.failure).toBeUndefined();
    expect(linesOf(FIRST)).toEqual([]);
    expect(linesOf("metrics-2026-11-20.1.jsonl")).toEqual(["3"]);
    await journal.close();
  });

  test("of a full disk stops neither what comes next nor the close", async () => {
    const { journal, linesOf } = await setUp();
    const write = vi.spyOn(await fileHandlePrototype(), "write").mockRejectedValue(diskError("ENOSPC"));
    for (const line of ["1", "2"]) {
      await expect(journal.append([line])).rejects.toMatchObject({ reason: "disk_full" });
    }
    expect(journal.failure).toBe("disk_full");
    write.mockRestore();
    await journal.append(["3"]);
    await journal.close();
    expect(linesOf(FIRST)).toEqual(["3"]);
  });

  test("does not open a closed day again where the clock has gone back meanwhile", async () => {
    let now = NOON;
    const { journal, datasync } = await setUp({ now: () => now });
    await journal.append(["1"]);
    datasync.mockRejectedValueOnce(diskError("EIO"));
    await expect(journal.append(["2"])).rejects.toMatchObject({ reason: "io" });
    now -= 86_400_000;
    expect(await journal.append(["3"])).toBe("metrics-2026-11-20.1.jsonl");
    await journal.close();
  });

  test("of one group leaves the groups behind it alone", async () => {
    const { journal, linesOf, datasync } = await setUp();
    let failFirst = () => {};
    datasync.mockImplementationOnce(
      () =>
        new Promise((_resolve, reject) => {
          failFirst = () => reject(diskError("EIO"));
        }),
    );
    const first = journal.append(["1"]);
    await untilCalled(datasync, 1);
    const second = journal.append(["2"]);
    failFirst();
    await expect(first).rejects.toMatchObject({ reason: "io" });
    expect(linesOf(await second)).toEqual(["2"]);
    await journal.close();
  });
});
