import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../../test/temp-folder.ts";
import { createErasureRecords } from "./erasure-records.ts";

const ID = "3141592653-589793238-4626433832-795028841";
const WISH = { ids: [ID, "session"], redacts: true };

function testRecords(folder = join(tempFolder(), ".tallymark", "erasures")) {
  return { folder, records: createErasureRecords(folder, () => Date.parse("2026-11-20T12:00:00.123Z")) };
}

describe("erasure records", () => {
  it("keep a wish and its counts over a restart", async () => {
    const { folder, records } = testRecords();
    const erasure = await records.create(WISH);
    expect(erasure.receipt).toMatch(/^20261120T120000123Z-[\w-]{22}$/);
    await records.save({ ...erasure, erased: { ring: 1, files: 2, events: 3, redacted: 4 } });
    const unfinished = await testRecords(folder).records.open();
    expect(unfinished).toEqual([{ ...erasure, erased: { ring: 1, files: 2, events: 3, redacted: 4 } }]);
  });

  it("put a receipt in the wish's place, and no id in the receipt", async () => {
    const { folder, records } = testRecords();
    const erasure = await records.create(WISH);
    const [request = ""] = readdirSync(folder);
    expect(statSync(join(folder, request)).mode & 0o777).toBe(0o600);
    const answer = await records.finish(erasure);
    expect(answer).toEqual({ ok: true, receipt: erasure.receipt, status: "done", erased: erasure.erased });
    expect(readdirSync(folder)).toEqual([`${erasure.receipt}.json`]);
    expect(readFileSync(join(folder, `${erasure.receipt}.json`), "utf8")).not.toMatch(/3141592653|session/);
    expect(await records.find(erasure.receipt)).toMatchObject({ ...answer, finished_at: "2026-11-20T12:00:00.123Z" });
    expect(await testRecords(folder).records.open()).toEqual([]);
  });

  it("remove what a crash left: half a copy, and a wish whose receipt is written", async () => {
    const { folder, records } = testRecords();
    const erasure = await records.create(WISH);
    const [request = ""] = readdirSync(folder);
    const text = readFileSync(join(folder, request), "utf8");
    await records.finish(erasure);
    writeFileSync(join(folder, request), text);
    writeFileSync(join(folder, `${request}.00000000-0000-0000-0000-000000000000.tmp`), text.slice(0, 60));
    writeFileSync(join(folder, "20261120T120000123Z-0000000000000000000000.request"), "{");
    expect(await testRecords(folder).records.open()).toEqual([]);
    expect(readdirSync(folder)).toEqual([`${erasure.receipt}.json`]);
  });

  it("keep the newest thousand receipts", async () => {
    const { folder, records } = testRecords();
    mkdirSync(folder, { recursive: true });
    const name = (number: number) => `20261119T${String(number).padStart(9, "0")}Z-0000000000000000000000.json`;
    for (let number = 0; number < 1005; number++) writeFileSync(join(folder, name(number)), "{}");
    await records.finish(await records.create(WISH));
    const left = readdirSync(folder);
    expect(left).toHaveLength(1000);
    expect(left).not.toContain(name(5));
    expect(left).toContain(name(6));
  });

  it.each(["", "..", "../tombstone.key", "x", "20261120T120000123Z-0000000000000000000000/../x", "%2e"])(
    "find nothing for %j",
    async (receipt) => {
      const { folder, records } = testRecords();
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, "x.json"), '{"ok":true}');
      expect(await records.find(receipt)).toBeUndefined();
    },
  );
});
