import { appendFileSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { BatchAnswer } from "@tallymark/sdk/protocol";
import { pino } from "pino";
import { expect } from "vitest";
import { createCollector } from "../../src/create-collector.ts";
import type { ArchiveFile } from "../../src/rotate/apply.ts";
import { rotateOnce } from "../../src/rotate/rotate-once.ts";
import type { Life } from "../dying-disk.ts";
import { jsonOf } from "../json-of.ts";
import { tempFolder } from "../temp-folder.ts";
import { readStored, strangers } from "./crash-folder.ts";

/** A data folder, and what was promised about it. */
export interface Fixture {
  readonly dataDir: string;
  readonly linkPath: string;
  /** Ids that must be stored once, whatever happens. */
  readonly acknowledged: Set<string>;
}

/** With an empty folder. */
export function newFixture(): Fixture {
  const dataDir = join(tempFolder(), "data");
  mkdirSync(dataDir);
  return { dataDir, linkPath: join(dataDir, "metrics.jsonl"), acknowledged: new Set() };
}

/** Lines as they are stored; their ids count as acknowledged unless they are of `visitor` or of another event. */
export function addFile({ dataDir, acknowledged }: Fixture, name: string, more: object = {}, lines = 6): void {
  const day = name.slice("metrics-".length, "metrics-YYYY-MM-DD".length);
  for (let line = 0; line < lines; line += 1) {
    const id = `${name}-${Object.values(more).join()}-${line}`;
    const text = JSON.stringify({ id, event: "x", received_at: `${day}T12:00:00.000Z`, sample_rate: 1, ...more });
    appendFileSync(join(dataDir, name), `${text}\n`);
    if (Object.keys(more).length === 0) acknowledged.add(id);
  }
}

/** A collector on the folder, with files so small that every third event makes it roll over. */
export async function startOn({ linkPath, acknowledged }: Fixture, life: Life, now: () => number) {
  const logger = pino({ level: "silent" });
  const collector = createCollector({ linkPath, rotate: false, maxBytes: 400, now, logger });
  await collector.start();
  const request = (method: string, path: string, body?: unknown) =>
    collector.app.request(`http://127.0.0.1:8787/api/metrics${path}`, {
      method,
      headers: { Host: "127.0.0.1:8787", "Content-Type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  return {
    close: () => collector.close(),
    async post(...ids: string[]) {
      const events = ids.map((id) => ({ event: "x", visitor_id: "v", id }));
      const answer = await request("POST", "/events", { events });
      const { rejected } = await jsonOf<BatchAnswer>(answer);
      if (answer.status !== 202 || life.isDead) return;
      expect(rejected).toEqual([]);
      for (const id of ids) acknowledged.add(id);
    },
    /** @returns whether the erasure is promised */
    async erase(visitor: string) {
      const { status } = await request("DELETE", `/visitors/${visitor}`);
      return status < 300 && !life.isDead;
    },
  };
}

/** Of a run that is not meant to die. */
export const ALIVE: Life = { isDead: false };
const POLICY = { gzipAfterDays: 1, retentionDays: 30, ttlDays: { short: 5 } };

/** One run of the rotator; throws what failed. */
export async function rotate({ dataDir, linkPath }: Fixture, now: number, archive?: ArchiveFile): Promise<void> {
  const { actions } = await rotateOnce({ dataDir, linkPath, ...POLICY, archive }, now);
  const failed = actions.filter(({ error }) => error !== undefined);
  if (failed.length > 0) throw failed[0]?.error;
}

/** Everything acknowledged is stored once, every file parses, and is one of ours. */
export function expectKept({ dataDir, acknowledged }: Fixture): void {
  const ids = readStored(dataDir).map(({ id }) => id);
  expect(ids.filter((id) => acknowledged.has(id)).sort()).toEqual([...acknowledged].sort());
  expect(ids.length, "stored twice").toBe(new Set(ids).size);
  expect(strangers(dataDir)).toEqual([]);
}

/** A run more changes nothing. */
export async function expectSettled(fixture: Fixture, now: number): Promise<void> {
  const before = contentsOf(fixture.dataDir);
  await rotate(fixture, now);
  expect(contentsOf(fixture.dataDir)).toEqual(before);
}

function contentsOf(dataDir: string): string[] {
  const names = readdirSync(dataDir).filter((name) => name.startsWith("metrics-"));
  return names.sort().map((name) => `${name} ${readFileSync(join(dataDir, name), "base64")}`);
}
