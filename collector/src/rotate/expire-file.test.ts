import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { tempFolder } from "../../test/temp-folder.ts";
import { expireFile } from "./expire-file.ts";
import { gzipFile } from "./gzip-file.ts";

const POLICY = { gzipAfterDays: 3, retentionDays: 30, ttlDays: { error: 7, order: 90 } };

const line = (event: string, more: object = {}) => `${JSON.stringify({ id: "1", event, ...more })}\n`;

async function expired(content: string, ageDays: number, policy: typeof POLICY | object = POLICY): Promise<string> {
  const path = join(tempFolder(), "metrics-2026-11-10.jsonl");
  writeFileSync(path, content);
  await expireFile(path, { policy: { ...POLICY, ...policy }, ageDays, level: 6 });
  return readFileSync(path, "utf8");
}

describe("expireFile", () => {
  test("removes what has a shorter term, and nothing that only mentions it", async () => {
    const others =
      line("page_view") +
      line("page_view", { title: "error", metadata: { event: "error", error: "error" } }) +
      line("errors") +
      line("my.error") +
      line("order");
    expect(await expired(line("error") + others + line("error", { metadata: { event: "order" } }), 7)).toBe(others);
    expect(await expired(line("error") + others, 6)).toBe(line("error") + others);
  });

  test("keeps only what has a longer term when the usual one is over", async () => {
    const torn = '{"id":"2","event":"ord';
    const content =
      line("error") + line("order") + line("page_view") + line("x", { metadata: { order: "order" } }) + torn;
    expect(await expired(content, 29)).toBe(content.replace(line("error"), ""));
    expect(await expired(content, 30)).toBe(line("order"));
    expect(await expired(content, 90)).toBe("");
  });

  test("reads spaces and other orders of keys, as another tool may have written them", async () => {
    const spaced = '{ "event" : "error", "id": "1" }\r\n';
    expect(await expired(spaced + line("page_view"), 7)).toBe(line("page_view"));
  });

  test("takes a name for what it is: `constructor` has no term but a given one", async () => {
    const content = line("constructor") + line("__proto__") + line("toString");
    expect(await expired(content, 29)).toBe(content);
    expect(await expired(content, 2, { ttlDays: { constructor: 2 } })).toBe(line("__proto__") + line("toString"));
  });

  test("leaves a file in which nothing expires untouched", async () => {
    const path = join(tempFolder(), "metrics-2026-11-10.jsonl");
    writeFileSync(path, line("page_view"));
    const before = statSync(path).ino;
    expect(await expireFile(path, { policy: POLICY, ageDays: 8, level: 6 })).toEqual({ removed: 0, changed: 0 });
    expect(statSync(path).ino).toBe(before);
  });

  test("keeps what another program has compressed readable, and says how many events went", async () => {
    const path = join(tempFolder(), "metrics-2026-11-10.jsonl.gz");
    writeFileSync(path, Buffer.concat([gzipSync(line("error") + line("order")), gzipSync(line("error"))]));
    expect(await expireFile(path, { policy: POLICY, ageDays: 8, level: 1 })).toMatchObject({ removed: 2 });
    expect(gunzipSync(readFileSync(path)).toString()).toBe(line("order"));
  });

  test("copies the parts of a compressed file in which nothing expires as they are", async () => {
    const path = join(tempFolder(), "metrics-2026-11-10.jsonl");
    const bulk = line("page_view", { title: "x".repeat(500) }).repeat(6000);
    writeFileSync(path, bulk + line("error"));
    await gzipFile(path);
    const before = readFileSync(`${path}.gz`);
    await expireFile(`${path}.gz`, { policy: POLICY, ageDays: 7, level: 1 });
    const after = readFileSync(`${path}.gz`);
    expect(gunzipSync(after).toString()).toBe(bulk);
    const member = before.readUInt32LE(16);
    expect(after.subarray(0, member).equals(before.subarray(0, member))).toBe(true);
  });

  test("ends between two blocks when it is told to, and the file stays", async () => {
    const path = join(tempFolder(), "metrics-2026-11-10.jsonl");
    writeFileSync(path, line("error"));
    const options = { policy: POLICY, ageDays: 7, level: 6, signal: AbortSignal.abort() };
    await expect(expireFile(path, options)).rejects.toMatchObject({ name: "AbortError" });
    expect(readFileSync(path, "utf8")).toBe(line("error"));
  });
});
