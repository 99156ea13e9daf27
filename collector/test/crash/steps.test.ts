import { appendFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { basename, join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { describe, expect, test, vi } from "vitest";
import { gzipFile } from "../../src/rotate/gzip-file.ts";
import { listSegments } from "../../src/segments/list-segments.ts";
import { dieAtEveryStep } from "../dying-disk.ts";
import {
  ALIVE,
  addFile,
  expectKept,
  expectSettled,
  type Fixture,
  newFixture,
  rotate,
  startOn,
} from "./crash-fixture.ts";
import { filesWith, readFile, readStored, strangers } from "./crash-folder.ts";

/** Each of these tests is hundreds of runs, and the machine may be a busy one. */
vi.setConfig({ testTimeout: 240_000 });

const DAY_MS = 86_400_000;
const MIDNIGHT = Date.parse("2026-11-21T00:00:00Z");
const TODAY = "metrics-2026-11-21.jsonl";

describe("a collector that dies at any step", () => {
  test("of its start, of storing, of rolling over by size and at midnight, or of its stop has stored what it acknowledged once, and takes retries for what they are", async () => {
    const sent = ["a", "b", "c", "d", "e", "f", "g", "h"];
    const steps = await dieAtEveryStep({
      prepare: async () => newFixture(),
      async run(fixture, life) {
        let now = MIDNIGHT - 1000;
        const collector = await startOn(fixture, life, () => now);
        await collector.post("a");
        await collector.post("b", "c");
        await Promise.all([collector.post("d"), collector.post("e", "f")]);
        now = MIDNIGHT;
        await collector.post("g");
        now -= 2000;
        await collector.post("h");
        await collector.close();
      },
      async check(fixture) {
        const again = await startOn(fixture, ALIVE, () => MIDNIGHT + 1000);
        await again.post(...sent);
        await again.post(...sent);
        await again.close();
        expect(fixture.acknowledged.size).toBe(sent.length);
        expectKept(fixture);
        await rotate(fixture, MIDNIGHT + 2 * DAY_MS);
        expectKept(fixture);
        await expectSettled(fixture, MIDNIGHT + 2 * DAY_MS);
      },
    });
    expect(steps).toContain(`open ${TODAY}`);
    expect(steps.filter((step) => step.startsWith("symlink")).length).toBeGreaterThan(2);
  });

  test("of recovering from a crash before has set the torn tail aside once, and keeps all whole lines", async () => {
    const steps = await dieAtEveryStep({
      async prepare() {
        const fixture = newFixture();
        addFile(fixture, TODAY);
        appendFileSync(join(fixture.dataDir, TODAY), '{"event":"torn","id":"half');
        mkdirSync(join(fixture.dataDir, ".tallymark"));
        const dead = { pid: 4711, host: hostname(), bootId: "before", token: "t", socket: "gone.sock" };
        writeFileSync(join(fixture.dataDir, ".tallymark/writer.lock"), `${JSON.stringify(dead)}\n`);
        return fixture;
      },
      async run(fixture, life) {
        await (await startOn(fixture, life, () => MIDNIGHT)).close();
      },
      async check(fixture) {
        await (await startOn(fixture, ALIVE, () => MIDNIGHT)).close();
        expectKept(fixture);
        const torn = readFileSync(join(fixture.dataDir, `${TODAY}.torn`), "utf8");
        expect(torn).toContain('{"event":"torn","id":"half');
      },
    });
    expect(steps).toContain(`truncate ${TODAY}`);
    expect(
      steps.some((step) => /^link writer\.lock.*\.next$/.test(step)),
      "the lock is taken over",
    ).toBe(true);
  });
});

describe("a rotation that dies at any step", () => {
  test("of compressing, expiring or deleting is finished by the next one, and no reader misses a line meanwhile", async () => {
    const now = MIDNIGHT + 12 * DAY_MS;
    const steps = await dieAtEveryStep({
      async prepare() {
        const fixture = newFixture();
        addFile(fixture, "metrics-2026-11-25.jsonl");
        addFile(fixture, "metrics-2026-11-25.1.jsonl");
        addFile(fixture, "metrics-2026-11-22.jsonl");
        addFile(fixture, "metrics-2026-11-22.jsonl", { event: "short" });
        addFile(fixture, "metrics-2026-10-01.jsonl", { event: "expired" });
        addFile(fixture, "metrics-2026-10-01.1.jsonl.torn", { event: "expired" });
        return fixture;
      },
      run: (fixture) => rotate(fixture, now),
      async check(fixture) {
        const visible = await listSegments(fixture.dataDir);
        const ids = visible.flatMap(({ name }) => readFile(fixture.dataDir, name)).map(({ id }) => id);
        expect(ids.filter((id) => fixture.acknowledged.has(id)).sort()).toEqual([...fixture.acknowledged].sort());
        await rotate(fixture, now);
        expectKept(fixture);
        expect(readStored(fixture.dataDir).length).toBe(fixture.acknowledged.size);
        expect(
          readdirSync(fixture.dataDir)
            .filter((name) => name.startsWith("metrics-"))
            .sort(),
        ).toEqual(["metrics-2026-11-22.jsonl.gz", "metrics-2026-11-25.1.jsonl.gz", "metrics-2026-11-25.jsonl.gz"]);
        await expectSettled(fixture, now);
      },
    });
    expect(steps).toContain("rename metrics-2026-11-25.jsonl.gz.….tmp → metrics-2026-11-25.jsonl.gz");
    expect(steps).toContain("unlink metrics-2026-11-25.jsonl");
    expect(steps).toContain("unlink metrics-2026-10-01.jsonl");
  });
});

describe("an archiving rotation that dies at any step", () => {
  test("has every line in the folder or in the bucket, and after the next one in the bucket alone", async () => {
    const now = MIDNIGHT + 40 * DAY_MS;
    const newBucketAndFixture = () => ({ ...newFixture(), bucket: new Map<string, Buffer>() });
    const upload = (bucket: Map<string, Buffer>) => async (path: string) => {
      const bytes = readFileSync(path);
      await nextTurn();
      bucket.set(basename(path), bytes);
    };
    const idsIn = (bucket: Map<string, Buffer>) =>
      [...bucket.values()]
        .flatMap((bytes) => gunzipSync(bytes).toString().trim().split("\n"))
        .map((line) => JSON.parse(line).id);
    const steps = await dieAtEveryStep({
      async prepare() {
        const fixture = newBucketAndFixture();
        addFile(fixture, "metrics-2026-11-20.jsonl");
        await gzipFile(join(fixture.dataDir, "metrics-2026-11-20.jsonl"));
        addFile(fixture, "metrics-2026-11-21.jsonl");
        addFile(fixture, "metrics-2026-11-21.1.jsonl");
        return fixture;
      },
      run: (fixture) => rotate(fixture, now, upload(fixture.bucket)),
      async check(fixture) {
        const { dataDir, bucket, acknowledged } = fixture;
        const somewhere = new Set([...idsIn(bucket), ...readStored(dataDir).map(({ id }) => id)]);
        expect([...somewhere].sort()).toEqual([...acknowledged].sort());
        await rotate(fixture, now, upload(bucket));
        expect(idsIn(bucket).sort()).toEqual([...acknowledged].sort());
        expect(readStored(dataDir)).toEqual([]);
        expect(strangers(dataDir)).toEqual([]);
      },
    });
    expect(steps).toContain("unlink metrics-2026-11-20.jsonl.gz");
  });
});

describe("an erasure that dies at any step", () => {
  test("is finished after the next start once it was promised, or when it is asked for again; a late retry brings nobody back", async () => {
    const victim = "victim-0123456789-abcdef";
    const promised = new Set<Fixture>();
    const steps = await dieAtEveryStep({
      async prepare() {
        const fixture = newFixture();
        addFile(fixture, "metrics-2026-11-18.jsonl");
        addFile(fixture, "metrics-2026-11-18.jsonl", { visitor_id: victim });
        await rotate(fixture, MIDNIGHT);
        addFile(fixture, "metrics-2026-11-20.jsonl", { visitor_id: victim });
        addFile(fixture, "metrics-2026-11-20.jsonl");
        addFile(fixture, TODAY);
        addFile(fixture, TODAY, { visitor_id: victim });
        return fixture;
      },
      async run(fixture, life) {
        const collector = await startOn(fixture, life, () => MIDNIGHT);
        if (await collector.erase(victim)) promised.add(fixture);
        await collector.post("late");
        await collector.close();
      },
      // Locks are died at in the tests above.
      isTestedElsewhere: (step) => step.includes(".lock"),
      async check(fixture) {
        const again = await startOn(fixture, ALIVE, () => MIDNIGHT);
        if (!promised.has(fixture)) await again.erase(victim);
        await expect.poll(() => filesWith(fixture.dataDir, victim), { timeout: 5000, interval: 5 }).toEqual([]);
        await again.close();
        expectKept(fixture);
      },
    });
    expect(steps.some((step) => step.startsWith("rename metrics-2026-11-18.jsonl.gz.….tmp"))).toBe(true);
    expect(promised.size).toBeGreaterThan(1);
  });
});
