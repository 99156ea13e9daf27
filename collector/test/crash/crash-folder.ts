import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { bySegmentTime, parseSegment, segmentName, utcDay } from "../../src/segments/segment.ts";

const DAY_MS = 86_400_000;

/** Of the files that `addOldFiles` makes: events of this name are kept for a shorter time than others. */
export const SHORT_LIVED = "short_lived";
export const SHORT_LIVED_DAYS = 2;
export const RETENTION_DAYS = 1000;

/** One stored line. */
export interface Stored {
  readonly file: string;
  readonly id: string;
  readonly event: string;
  readonly visitor: string | undefined;
  readonly receivedAt: string;
}

/**
 * Adds two files of long ago: one whose time is up, and one that is due for compression, with events of which some are
 * kept for a shorter time, and with one of each victim.
 * @param n makes their days differ
 * @returns the ids that must stay
 */
export function addOldFiles(dataDir: string, n: number, victims: readonly string[]): string[] {
  mkdirSync(dataDir, { recursive: true });
  const ids = Array.from({ length: 2000 }, (_, line) => `old-${n}-${line}`);
  const day = utcDay(Date.now() - (5 + n) * DAY_MS);
  const lineOf = (id: string, more: object) =>
    `${JSON.stringify({ event: "old", id, received_at: `${day}T12:00:00.000Z`, sample_rate: 1, ...more })}\n`;
  const lines = ids.map((id) => lineOf(id, { title: "x".repeat(300) }));
  for (const victim of victims) lines.splice(700, 0, lineOf(`${victim}-${n}`, { visitor_id: victim }));
  for (let line = 0; line < 50; line += 1)
    lines.splice(line * 30, 0, lineOf(`short-${n}-${line}`, { event: SHORT_LIVED }));
  writeFileSync(join(dataDir, segmentName(day, 0)), lines.join(""));
  const expiredDay = utcDay(Date.now() - (RETENTION_DAYS + 5 + n) * DAY_MS);
  writeFileSync(join(dataDir, segmentName(expiredDay, 0)), lineOf(`expired-${n}`, {}));
  return ids;
}

/** Every stored line, oldest file first. Throws where a file or a line does not parse. */
export function readStored(dataDir: string): Stored[] {
  const segments = readdirSync(dataDir).map(parseSegment);
  const files = segments.filter((segment) => segment !== undefined && segment.kind !== "torn");
  return files.sort(bySegmentTime as never).flatMap((segment) => readFile(dataDir, segment?.name ?? ""));
}

/** The stored lines of one file. */
export function readFile(dataDir: string, file: string): Stored[] {
  const bytes = readFileSync(join(dataDir, file));
  const text = (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString();
  if (text !== "" && !text.endsWith("\n")) throw new Error(`${file} ends in a partial line`);
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => {
      const { id, event, visitor_id, received_at } = JSON.parse(line);
      return { file, id, event, visitor: visitor_id, receivedAt: received_at };
    });
}

/** Whether the rotator has nothing left to do: all files of earlier days are compressed, and none is too old. */
export function isRotated(dataDir: string): boolean {
  const segments = readdirSync(dataDir)
    .map(parseSegment)
    .filter((segment) => segment !== undefined);
  const newest =
    segments
      .map(({ day }) => day)
      .sort()
      .at(-1) ?? "";
  const oldest = utcDay(Date.now() - RETENTION_DAYS * DAY_MS);
  const isDone = segments.every(({ day, kind }) => day > oldest && (kind !== "plain" || day === newest));
  return isDone && !readStored(dataDir).some(({ event }) => event === SHORT_LIVED);
}

/** Files that no reader of DESIGN.md or of `.tallymark/` would know; what a dead lock holder left may lie for a minute. */
export function strangers(dataDir: string): string[] {
  const isKnown = (name: string) => parseSegment(name) !== undefined || /^(?:metrics\.jsonl|\.tallymark)$/.test(name);
  const hidden = readdirSync(join(dataDir, ".tallymark"), { recursive: true }).map(String);
  const unfinished = hidden.filter((name) => name.endsWith(".tmp"));
  return [...readdirSync(dataDir).filter((name) => !isKnown(name)), ...unfinished];
}

/** Whether a text occurs in any file of the folder, compressed ones unpacked. */
export function filesWith(dataDir: string, text: string): string[] {
  const names = readdirSync(dataDir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return names
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => {
      const bytes = readFileSync(path);
      return (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).includes(text);
    });
}
