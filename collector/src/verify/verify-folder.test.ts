import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../../test/temp-folder.ts";
import { storedLine, storedLines, writeShard } from "../../test/verify-fixture.ts";
import { createSeenIds } from "../ingest/seen-ids.ts";
import { gzipFile } from "../rotate/gzip-file.ts";
import { packMember } from "../segments/gzip-member.ts";
import { verifyFolder } from "./verify-folder.ts";

/** What is wrong, as `severity: file, at: message`, without the sentence on the link that no fixture has. */
async function findingsOf(dataDir: string): Promise<string[]> {
  const { findings } = await verifyFolder({ dataDir, linkName: "metrics.jsonl", seenIds: createSeenIds(1000) });
  return findings
    .filter(({ message }) => !message.startsWith("the link to the live file is not there"))
    .map(({ severity, file, at, message, count }) => `${severity}: ${file}, ${at}: ${message} × ${count}`);
}

const A = "metrics-2026-11-20.jsonl";

describe("verifyFolder", () => {
  it("counts what is there, and finds nothing wrong with files of ours and of gzip", async () => {
    const dataDir = tempFolder();
    await gzipFile(join(dataDir, writeShard(dataDir, 0, storedLines(0, 5000))));
    execFileSync("gzip", [join(dataDir, writeShard(dataDir, 1, storedLines(5000, 6000)))]);
    writeShard(dataDir, 2, "");
    symlinkSync(writeShard(dataDir, 3, storedLines(6000, 6010)), join(dataDir, "metrics.jsonl"));
    const { files, findings } = await verifyFolder({
      dataDir,
      linkName: "metrics.jsonl",
      seenIds: createSeenIds(1000),
    });
    expect(findings).toEqual([]);
    expect(files.map(({ events }) => events)).toEqual([5000, 1000, 0, 10]);
    expect(files[0]).toEqual({
      name: `${A}.gz`,
      events: 5000,
      bytes: storedLines(0, 5000).length,
      first: "2026-11-20T12:00:00.000Z",
      last: "2026-11-20T13:23:19.000Z",
    });
  });

  it.each([
    ["{nope}\n", "is not a JSON object"],
    ["[1]\n", "is not a JSON object"],
    ["\n", "is not a JSON object"],
    [Buffer.from([0x22, 0xff, 0x22, 0x0a]), "is not UTF-8"],
    ['{"id":"x"}\n', "lacks one of id, event, visitor_id and sample_rate, or has one of another type"],
    [
      storedLine(9, { sample_rate: 2 }),
      "lacks one of id, event, visitor_id and sample_rate, or has one of another type",
    ],
    [storedLine(9, { received_at: "soon" }), "has no time in received_at"],
    [storedLine(1), "has the id of an event that is stored already"],
  ])("names the line of %j", async (line, message) => {
    const dataDir = tempFolder();
    const bytes = [Buffer.from(storedLines(0, 3)), Buffer.from(line), Buffer.from(storedLine(20))];
    writeShard(dataDir, 0, Buffer.concat(bytes));
    expect(await findingsOf(dataDir)).toContain(`problem: ${A}, line 4: ${message} × 1`);
  });

  it("finds an id again in a later file, and counts what it finds more than once", async () => {
    const dataDir = tempFolder();
    writeShard(dataDir, 0, storedLines(0, 10));
    const second = writeShard(dataDir, 1, storedLines(7, 12));
    const message = "has the id of an event that is stored already";
    expect(await findingsOf(dataDir)).toEqual([`problem: ${second}, line 1: ${message} × 3`]);
  });

  it("warns where a clock was set, and tolerates what requests that come together do", async () => {
    const dataDir = tempFolder();
    writeShard(
      dataDir,
      0,
      [59, 0, 120, 59, 60, 200].map((second) => storedLine(second, { id: `${second}${Math.random()}` })).join(""),
    );
    expect(await findingsOf(dataDir)).toEqual([
      `warning: ${A}, line 4: was received over a minute before the one above: a clock was set back × 1`,
    ]);
    writeShard(dataDir, 0, storedLine(-12 * 3600 - 30) + storedLine(12 * 3600 - 1) + storedLine(12 * 3600));
    expect(await findingsOf(dataDir)).toEqual([
      `warning: ${A}, line 3: was received on another UTC day than the file's: a clock was set × 1`,
    ]);
  });

  it("warns of a torn end of the live file, and takes it for a problem in a closed one", async () => {
    const dataDir = tempFolder();
    writeShard(dataDir, 0, `${storedLines(0, 2)}{"id":"to`);
    const second = writeShard(dataDir, 1, `${storedLines(2, 4)}{"id":"to`);
    expect(await findingsOf(dataDir)).toEqual([
      `problem: ${A}, line 3: ends in a part of a line × 1`,
      expect.stringContaining(`warning: ${second}, line 3: ends in a part of a line`),
    ]);
  });

  it("finds every byte that is wrong in a .gz, and says where", async () => {
    const dataDir = tempFolder();
    writeShard(dataDir, 0, storedLines(0, 20_000));
    await gzipFile(join(dataDir, A));
    const path = join(dataDir, `${A}.gz`);
    const whole = readFileSync(path);
    for (let at = 30; at < whole.length; at += Math.floor(whole.length / 40)) {
      const bytes = Buffer.from(whole);
      bytes[at] = (bytes[at] ?? 0) ^ 0x10;
      writeFileSync(path, bytes);
      expect((await findingsOf(dataDir)).join()).toMatch(/^problem: .*gz, byte \d+: /);
    }
    for (const end of [whole.length - 1, whole.length - 9, 100, 12, 1]) {
      writeFileSync(path, whole.subarray(0, end));
      expect((await findingsOf(dataDir)).join()).toMatch(/^problem: .*gz, /);
    }
  });

  it("compares the lines of a member with what its header says", async () => {
    const dataDir = tempFolder();
    const member = await packMember(Buffer.from(storedLines(0, 3)), 6);
    member.writeUInt32LE(4, 20);
    writeFileSync(join(dataDir, `${A}.gz`), member);
    const message = "a gzip member holds another number of lines than it says";
    expect(await findingsOf(dataDir)).toEqual([`problem: ${A}.gz, byte 0: ${message} × 1`]);
  });

  it("misses shards, also of a day that has the number of all numbers", async () => {
    const dataDir = tempFolder();
    writeShard(dataDir, 0, storedLine(0));
    writeShard(dataDir, 3, storedLine(1));
    writeShard(dataDir, 999_999_999, storedLine(2));
    expect(await findingsOf(dataDir)).toEqual([
      "problem: , : 999999997 of the files of 2026-11-20 up to number 999999999 missing: deleted, not copied, or not made when the disk failed × 1",
    ]);
  });

  it("names what crashes and interruptions leave behind, as warnings", async () => {
    const dataDir = tempFolder();
    writeShard(dataDir, 0, storedLine(0));
    await gzipFile(join(dataDir, A));
    writeShard(dataDir, 0, storedLine(0));
    for (const name of [`${A}.torn`, `${A}.gz.00000000-0000-0000-0000-000000000000.tmp`, "metrics.jsonl.old"])
      writeFileSync(join(dataDir, name), "{");
    mkdirSync(join(dataDir, ".tallymark", "erasures"), { recursive: true });
    writeFileSync(join(dataDir, ".tallymark", "erasures", "x.request"), "");
    const found = await findingsOf(dataDir);
    expect(found).toHaveLength(5);
    for (const finding of found) expect(finding).toMatch(/^warning: /);
  });

  it("looks at the link", async () => {
    const dataDir = tempFolder();
    const link = join(dataDir, "metrics.jsonl");
    writeShard(dataDir, 0, storedLine(0));
    writeShard(dataDir, 1, storedLine(1));
    symlinkSync("metrics-2026-11-20.7.jsonl", link);
    expect(await findingsOf(dataDir)).toEqual(["problem: metrics.jsonl, : names a file that is not there × 1"]);
    rmSync(link);
    symlinkSync(A, link);
    expect(await findingsOf(dataDir)).toEqual(["warning: metrics.jsonl, : does not name the newest file × 1"]);
    rmSync(link);
    writeFileSync(link, "");
    expect((await findingsOf(dataDir))[0]).toMatch(/^warning: metrics.jsonl, : is a file/);
  });

  it("does not take a folder without data for a good one", async () => {
    expect(await findingsOf(tempFolder())).toEqual(["problem: , : there is no data file in this folder × 1"]);
  });
});
