import { readdirSync } from "node:fs";
import { afterEach, describe, expect, test, vi } from "vitest";
import { diskError, fileHandlePrototype } from "../../test/file-handle-prototype.ts";
import { FIRST, NOON, openTestJournal } from "../../test/open-test-journal.ts";
import { untilCalled } from "../../test/watch-writes.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

describe("a full queue", () => {
  test("refuses what does not fit, takes none of it, and takes more once there is room", async () => {
    const { journal, append, linesOf, write, hold, onError } = await openTestJournal({ queueCapacity: 3 });
    const release = hold();
    const first = append("1", "2");
    await untilCalled(write, 1);
    await expect(append("3", "4")).rejects.toMatchObject({ name: "SinkError", reason: "queue_full" });
    expect(onError).toHaveBeenCalledWith("queue_full", "queue_full");
    const fits = append("5");
    release();
    await Promise.all([first, fits]);
    await append("6", "7", "8");
    expect(linesOf(FIRST)).toEqual(["1", "2", "5", "6", "7", "8"]);
    await journal.close();
  });
});

describe("a failure", () => {
  test("rejects the whole group, and the next group heals it", async () => {
    const { journal, append, dataDir, linesOf, write, onError, onCommit } = await openTestJournal();
    write.mockRejectedValueOnce(diskError("EIO"));
    const failed = await Promise.allSettled([append("1"), append("2")]);
    expect(failed).toMatchObject([
      { status: "rejected", reason: { name: "SinkError", reason: "io" } },
      { status: "rejected", reason: { name: "SinkError", reason: "io" } },
    ]);
    expect(onError.mock.calls).toEqual([["io", "EIO"]]);
    expect(onCommit).not.toHaveBeenCalled();
    expect(journal.failure).toBe("io");
    expect(journal.depth).toBe(0);

    expect(await append("3")).toBe("metrics-2026-11-20.1.jsonl");
    expect(journal.failure).toBeUndefined();
    expect(linesOf("metrics-2026-11-20.1.jsonl")).toEqual(["3"]);
    expect(readdirSync(dataDir)).not.toContain(FIRST);
    await journal.close();
  });

  test("of a full disk stops neither what comes next nor the close", async () => {
    const { journal, append, linesOf } = await openTestJournal();
    const write = vi.spyOn(await fileHandlePrototype(), "write").mockRejectedValue(diskError("ENOSPC"));
    for (const line of ["1", "2"]) {
      await expect(append(line)).rejects.toMatchObject({ reason: "disk_full" });
    }
    expect(journal.failure).toBe("disk_full");
    write.mockRestore();
    await append("3");
    await journal.close();
    expect(linesOf(FIRST)).toEqual(["3"]);
  });

  test("does not open a closed day again where the clock has gone back meanwhile", async () => {
    let now = NOON;
    const { journal, append, write } = await openTestJournal({ now: () => now });
    await append("1");
    write.mockRejectedValueOnce(diskError("EIO"));
    await expect(append("2")).rejects.toMatchObject({ reason: "io" });
    now -= 86_400_000;
    expect(await append("3")).toBe("metrics-2026-11-20.1.jsonl");
    await journal.close();
  });

  test("of one group leaves the groups behind it alone", async () => {
    const { journal, append, linesOf, write } = await openTestJournal();
    let failFirst = () => {};
    write.mockImplementationOnce(
      () =>
        new Promise((_resolve, reject) => {
          failFirst = () => reject(diskError("EIO"));
        }),
    );
    const first = append("1");
    await untilCalled(write, 1);
    const second = append("2");
    failFirst();
    await expect(first).rejects.toMatchObject({ reason: "io" });
    expect(linesOf(await second)).toEqual(["2"]);
    await journal.close();
  });
});

describe("recovery", () => {
  test("is noticed though no event comes, said once, and not before the disk takes a probe", async () => {
    const onRecovered = vi.fn();
    const { journal, append, dataDir } = await openTestJournal({ onRecovered, recheckIntervalMs: 5 });
    const prototype = await fileHandlePrototype();
    const write = vi.spyOn(prototype, "write").mockRejectedValue(diskError("ENOSPC"));
    const probe = vi.spyOn(prototype, "writeFile").mockRejectedValue(diskError("ENOSPC"));
    await expect(append("1")).rejects.toMatchObject({ reason: "disk_full" });
    await untilCalled(probe, 3);
    expect(journal.failure).toBe("disk_full");
    expect(onRecovered).not.toHaveBeenCalled();

    write.mockRestore();
    probe.mockRestore();
    await vi.waitFor(() => expect(journal.failure).toBeUndefined());
    await append("2");
    expect(onRecovered).toHaveBeenCalledTimes(1);
    await journal.close();
    expect(readdirSync(dataDir).sort()).toEqual([".tallymark", FIRST, "metrics.jsonl"]);
  });

  test("is not looked for where nothing failed, nor after the close", async () => {
    const { journal, append } = await openTestJournal({ recheckIntervalMs: 1 });
    const prototype = await fileHandlePrototype();
    const probe = vi.spyOn(prototype, "writeFile").mockRejectedValue(diskError("ENOSPC"));
    await append("1");
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(probe).not.toHaveBeenCalled();

    vi.spyOn(prototype, "write").mockRejectedValue(diskError("ENOSPC"));
    await expect(append("2")).rejects.toMatchObject({ reason: "disk_full" });
    await untilCalled(probe, 1);
    await journal.close();
    const calls = probe.mock.calls.length;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(probe.mock.calls.length).toBeLessThanOrEqual(calls + 1);
  });
});
