import { isUtf8 } from "node:buffer";
import { join } from "node:path";
import { reasonOf } from "../disk/data-folder-error.ts";
import { parseMemberHeader } from "../segments/gzip-member.ts";
import { countLines, lineEnd } from "../segments/lines.ts";
import { readBlocks } from "../segments/read-blocks.ts";
import type { Segment } from "../segments/segment.ts";
import type { Findings } from "./findings.ts";

/**
 * How far `received_at` may go back within a file, and lie before the file's day, without a word: requests that come
 * together are not stored in their order, and one that comes just before midnight is stored after it.
 */
export const TOLERANCE_MS = 60_000;

const NEWLINE = 0x0a;

/** Ids of events that were seen before, as far back as its memory reaches. */
export interface SeenBefore {
  /** @returns whether it was not known before */
  add(id: string): boolean;
}

export interface VerifyFileOptions {
  readonly dataDir: string;
  readonly segment: Segment;
  /** It may end in a part of a line. */
  readonly isLive: boolean;
  readonly seenIds: SeenBefore;
  readonly findings: Findings;
}

/** What a file holds. */
export interface VerifiedFile {
  readonly name: string;
  readonly events: number;
  /** Of its lines, not as they are compressed. */
  readonly bytes: number;
  /** Smallest and largest `received_at`; `""` where there is none. */
  readonly first: string;
  readonly last: string;
}

/** Reads a file once, in constant memory, and checks every line of it. */
export async function verifyFile(options: VerifyFileOptions): Promise<VerifiedFile> {
  const { dataDir, segment, isLive, findings } = options;
  const { name: file } = segment;
  const checkLine = createLineCheck(options);
  let bytes = 0;
  let lineNumber = 0;
  let nextOffset = 0;
  try {
    for await (const { lines, stored, offset } of readBlocks(join(dataDir, file))) {
      const at = `byte ${offset}`;
      const header = stored && parseMemberHeader(stored);
      if (header && header.lines !== countLines(lines))
        findings.add({
          severity: "problem",
          file,
          at,
          message: "a gzip member holds another number of lines than it says",
        });
      nextOffset = offset + (stored?.length ?? 0);
      const isText = isUtf8(lines);
      for (let start = 0; start < lines.length; ) {
        const end = lineEnd(lines, start);
        const line = lines.subarray(start, end);
        lineNumber += 1;
        if (line.at(-1) === NEWLINE) checkLine(line, lineNumber, isText);
        else if (isLive) findings.add({ ...TORN_LIVE, file, at: `line ${lineNumber}` });
        else findings.add({ ...TORN, file, at: `line ${lineNumber}` });
        start = end;
      }
      bytes += lines.length;
    }
  } catch (error) {
    const at = segment.kind === "gz" ? `byte ${nextOffset}` : `line ${lineNumber + 1}`;
    const isDisk = error instanceof Error && "syscall" in error;
    const message = isDisk ? `cannot be read: ${reasonOf(error)}` : "the gzip data is damaged or cut off";
    findings.add({ severity: "problem", file, at, message });
  }
  return { name: file, bytes, ...checkLine.summary() };
}

const TORN_LIVE = {
  severity: "warning",
  message: "ends in a part of a line: it is being written, or the next start sets that aside",
} as const;

const TORN = { severity: "problem", message: "ends in a part of a line" } as const;

function createLineCheck({ segment, seenIds, findings }: VerifyFileOptions) {
  const { name: file, day } = segment;
  const dayStart = Date.parse(day);
  const dayEnd = dayStart + 86_400_000;
  let events = 0;
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;

  const checkLine = (line: Buffer, lineNumber: number, isText: boolean) => {
    const at = `line ${lineNumber}`;
    const problem = (message: string) => findings.add({ severity: "problem", file, at, message });
    const warning = (message: string) => findings.add({ severity: "warning", file, at, message });
    if (!isText && !isUtf8(line)) problem("is not UTF-8");
    const event = parseLine(line);
    if (event === undefined) return problem("is not a JSON object");
    events += 1;
    const { id, received_at, sample_rate } = event;
    const isNamed = [id, event.event, event.visitor_id].every((value) => typeof value === "string" && value !== "");
    const isRated = typeof sample_rate === "number" && sample_rate > 0 && sample_rate <= 1;
    if (!isNamed || !isRated) problem("lacks one of id, event, visitor_id and sample_rate, or has one of another type");
    if (typeof id === "string") {
      if (!seenIds.add(id)) problem("has the id of an event that is stored already");
    }
    const receivedAt = typeof received_at === "string" ? Date.parse(received_at) : Number.NaN;
    if (Number.isNaN(receivedAt)) return problem("has no time in received_at");
    if (receivedAt < last - TOLERANCE_MS)
      warning("was received over a minute before the one above: a clock was set back");
    if (receivedAt < dayStart - TOLERANCE_MS || receivedAt >= dayEnd)
      warning("was received on another UTC day than the file's: a clock was set");
    first = Math.min(first, receivedAt);
    last = Math.max(last, receivedAt);
  };
  checkLine.summary = () => ({ events, first: textOf(first), last: textOf(last) });
  return checkLine;
}

interface LineFields {
  readonly id?: unknown;
  readonly event?: unknown;
  readonly visitor_id?: unknown;
  readonly received_at?: unknown;
  readonly sample_rate?: unknown;
}

function parseLine(line: Buffer): LineFields | undefined {
  try {
    const value: unknown = JSON.parse(line.toString());
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function textOf(time: number): string {
  return Number.isFinite(time) ? new Date(time).toISOString() : "";
}
