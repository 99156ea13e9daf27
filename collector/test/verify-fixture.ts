import { writeFileSync } from "node:fs";
import { join } from "node:path";

const DAY = "2026-11-20";

/** A stored line as the collector writes it, received at noon and as many seconds later as its number says. */
export function storedLine(number: number, more: object = {}): string {
  const received_at = new Date(Date.parse(`${DAY}T12:00:00Z`) + number * 1000).toISOString();
  const event = { id: `event-${number}`, event: "x", visitor_id: "v", ts: 1, sample_rate: 1, received_at };
  return `${JSON.stringify({ ...event, ...more })}\n`;
}

/** Lines with these numbers, and an end that is excluded. */
export function storedLines(start: number, end: number): string {
  return Array.from({ length: end - start }, (_, index) => storedLine(start + index)).join("");
}

/** Writes a file of that day; returns its bare name. */
export function writeShard(dataDir: string, shard: number, content: string | Buffer): string {
  const name = shard === 0 ? `metrics-${DAY}.jsonl` : `metrics-${DAY}.${shard}.jsonl`;
  writeFileSync(join(dataDir, name), content);
  return name;
}
