import { readFileSync } from "node:fs";
import { join } from "node:path";
import { vi } from "vitest";
import { createJournal, type JournalOptions } from "../src/store/journal.ts";
import { tempFolder } from "./temp-folder.ts";
import { watchWrites } from "./watch-writes.ts";

/** The day and the moment of the journal's clock. */
export const FIRST = "metrics-2026-11-20.jsonl";
export const NOON = Date.parse("2026-11-20T12:00:00Z");

/** An open journal in a folder of its own, with its writes watched. */
export async function openTestJournal({
  dataDir = tempFolder(),
  ...options
}: Partial<JournalOptions> & { dataDir?: string } = {}) {
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
  const recovered = await journal.open();
  const { write, hold } = await watchWrites();
  const linesOf = (name: string) => readFileSync(join(dataDir, name), "utf8").split("\n").slice(0, -1);
  const append = (...lines: string[]) =>
    journal.append(Buffer.from(lines.map((line) => `${line}\n`).join("")), lines.length);
  return { journal, append, recovered, dataDir, linkPath, linesOf, write, hold, onCommit, onError };
}
