import { formatTable } from "./report.ts";

/** What the traces of one run found, and where. */
export interface TraceReport {
  /** Such as `2026-11-21`. */
  readonly date: string;
  readonly browser: string;
  /** Of each screen. */
  readonly rounds: number;
  readonly figures: readonly TraceFigure[];
  /** Which functions take long, or force layout. */
  readonly offenders: readonly string[];
}

/** One row of the result. */
export interface TraceFigure {
  readonly name: string;
  readonly unit: string;
  readonly desktop: number;
  readonly mobile: number;
  /** The largest value of all rounds. */
  readonly most: number;
  /** The most that `desktop` and `mobile` may be; `undefined`: told for information. */
  readonly limit: number | undefined;
}

/** Whether the figure keeps to its limit; what could not be measured never does. */
export function isKept({ desktop, mobile, limit }: TraceFigure): boolean {
  return limit === undefined || (desktop <= limit && mobile <= limit);
}

/** The report as Markdown. */
export function formatTraceReport({ date, browser, rounds, figures, offenders }: TraceReport): string {
  return [
    `${browser}, ${date}; ${rounds} rounds for each screen`,
    "",
    ...formatTable([["figure", "desktop", "mobile", "most", "limit", "verdict"], ...figures.map(toRow)]),
    "",
    "Times are what the thread has worked, the median of the rounds; of counts it is the worst round. Garbage collections",
    "count for the page, whose garbage it is, also where they fall into a call of ours.",
    ...(offenders.length ? ["", ...offenders.map((offender) => `- ${offender}`)] : []),
  ].join("\n");
}

function toRow(figure: TraceFigure): string[] {
  const { name, unit, desktop, mobile, most, limit } = figure;
  const show = (value: number | undefined) => `${Number(value?.toPrecision(3))} ${unit}`.trim();
  return [
    name,
    ...[desktop, mobile, most].map(show),
    limit === undefined ? "" : `≤ ${show(limit)}`,
    limit === undefined ? "(for information)" : isKept(figure) ? "ok" : "MISSED",
  ];
}
