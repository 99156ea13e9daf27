import { existsSync, readdirSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { NOON, openTestJournal } from "../../test/open-test-journal.ts";
import { readDataFolder } from "../../test/read-data-folder.ts";
import { parseSegment, utcDay } from "../segments/segment.ts";

const MAX_BYTES = 400;
const HOUR_MS = 3_600_000;

type Which = "the live one" | "the newest closed one";

type Step =
  | { readonly do: "append"; readonly lines: number; readonly bytes: number }
  | { readonly do: "move the clock"; readonly ms: number }
  | { readonly do: "restart" | "roll" | "wait" }
  | { readonly do: "take a file away"; readonly which: Which; readonly how: "delete" | "compress" | "set aside" };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant("append" as const),
      lines: fc.integer({ min: 1, max: 4 }),
      bytes: fc.integer({ min: 0, max: 300 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("move the clock" as const),
      ms: fc.constantFrom(
        1,
        HOUR_MS,
        12 * HOUR_MS,
        24 * HOUR_MS,
        48 * HOUR_MS,
        -HOUR_MS,
        -24 * HOUR_MS,
        -49 * HOUR_MS,
        -240 * HOUR_MS,
      ),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom("restart" as const, "roll" as const, "wait" as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("take a file away" as const),
      which: fc.constantFrom<Which>("the live one", "the newest closed one"),
      how: fc.constantFrom("delete" as const, "compress" as const, "set aside" as const),
    }),
  },
);

/** One append: its lines are numbered on through the whole run. */
interface Append {
  readonly from: number;
  readonly to: number;
  readonly file: Promise<string>;
  /** Which start of the journal it was made to. */
  readonly start: number;
}

test("whatever the clock, restarts and others do, every line is stored once and in order, in files that are never opened again", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const run = await play(steps);
      try {
        await check(run);
      } finally {
        rmSync(run.dataDir, { recursive: true });
      }
    }),
    {
      numRuns: 150,
      examples: [
        [
          [
            { do: "restart" },
            { do: "take a file away", which: "the live one", how: "delete" },
            { do: "append", lines: 1, bytes: 0 },
          ],
        ],
      ],
    },
  );
}, 120_000);

async function play(steps: readonly Step[]) {
  let now = NOON;
  let start = 0;
  let opened = await openTestJournal({ maxBytes: MAX_BYTES, durability: "os", now: () => now });
  const { dataDir } = opened;
  const appends: Append[] = [];
  const deleted: { readonly name: string; readonly content: string; readonly start: number; readonly at: number }[] =
    [];
  let wentBack = false;

  for (const step of steps) {
    if (step.do === "append") append(step.lines, step.bytes);
    if (step.do === "move the clock") {
      now += step.ms;
      wentBack ||= step.ms < 0;
    }
    if (step.do === "roll") await opened.journal.roll();
    if (step.do === "wait" || step.do === "restart") await Promise.all(appends.map(({ file }) => file));
    if (step.do === "restart") {
      await opened.journal.close();
      opened = await openTestJournal({ dataDir, maxBytes: MAX_BYTES, durability: "os", now: () => now });
      start += 1;
    }
    if (step.do === "take a file away") {
      await Promise.all(appends.map(({ file }) => file));
      takeAway(step.which, step.how);
    }
  }
  await Promise.all(appends.map(({ file }) => file));
  await opened.journal.close();
  return { dataDir, appends, deleted, isSteady: !wentBack };

  function append(lines: number, bytes: number): void {
    const from = appends.at(-1)?.to ?? 0;
    const texts = Array.from({ length: lines }, (_, index) => lineOf(from + index, utcDay(now), bytes));
    appends.push({ from, to: from + lines, file: opened.append(...texts), start });
  }

  function takeAway(which: Which, how: "delete" | "compress" | "set aside"): void {
    const { file } = opened.journal;
    const closed = readdirSync(dataDir).filter((name) => parseSegment(name)?.kind === "plain" && name !== file);
    const name = which === "the live one" ? file : closed.sort().at(-1);
    if (name === undefined || !existsSync(join(dataDir, name))) return;
    const path = join(dataDir, name);
    const content = readFileSync(path);
    if (how === "compress") {
      writeFileSync(`${path}.gz`, gzipSync(content));
      unlinkSync(path);
      return;
    }
    if (how === "delete") unlinkSync(path);
    else renameSync(path, `${path}.torn`);
    deleted.push({ name, content: content.toString(), start, at: appends.length });
  }
}

function lineOf(n: number, day: string, bytes: number): string {
  return JSON.stringify({ n, day, filler: "x".repeat(bytes) });
}

interface Line {
  readonly n: number;
  readonly day: string;
}

async function check({ dataDir, appends, deleted, isSteady }: Awaited<ReturnType<typeof play>>): Promise<void> {
  const stored: readonly unknown[] = [
    ...readDataFolder(dataDir),
    ...deleted.flatMap(({ content }) => linesOf(content)),
  ];
  const numbers = stored.map((line) => (line as Line).n).sort((a, b) => a - b);
  expect(numbers).toEqual(Array.from({ length: appends.at(-1)?.to ?? 0 }, (_, n) => n));

  for (const name of readdirSync(dataDir).filter((name) => parseSegment(name)?.kind === "plain")) {
    const content = readFileSync(join(dataDir, name), "utf8");
    const lines = linesOf(content);
    expect(lines.map(({ n }) => n)).toEqual(lines.map(({ n }) => n).sort((a, b) => a - b));
    const isOneAppend = appends.some(({ from, to }) => from === lines[0]?.n && to === from + lines.length);
    if (!isOneAppend) expect(content.length).toBeLessThanOrEqual(MAX_BYTES);
    if (isSteady) for (const { day } of lines) expect(parseSegment(name)?.day).toBe(day);
  }

  const left = new Map<string, number>();
  let last = "";
  for (const [at, { file, start }] of appends.entries()) {
    const name = await file;
    expect(deleted.filter((file) => file.name === name && file.start === start && file.at <= at)).toEqual([]);
    // A name that was left may come again only where a restart could not know it: the file had been deleted by then.
    if (name !== last) left.set(last, start);
    const isForgotten = deleted.some((file) => file.name === name && file.start < start);
    if (name !== last && !isForgotten) expect(left.has(name)).toBe(false);
    last = name;
  }
}

function linesOf(content: string): Line[] {
  return content
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}
