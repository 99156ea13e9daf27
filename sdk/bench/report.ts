import { CONTENDERS, type PerContender } from "./contenders.ts";
import { type Figure, isReached } from "./figures.ts";

/** What one run found, and where. */
export interface Report {
  /** Such as `2026-11-21`. */
  readonly date: string;
  readonly browser: string;
  readonly node: string;
  readonly rounds: { readonly init: number; readonly tracking: number };
  readonly versions: PerContender<string>;
  readonly figures: readonly Figure[];
}

/** The report as Markdown, with a table that is aligned for a terminal too. */
export function formatReport({ date, browser, node, rounds, versions, figures }: Report): string {
  const header = ["figure", ...CONTENDERS, "tallymark is at", "spread", "limit", "verdict"];
  return [
    Object.values(versions).join(", "),
    `${browser}, Node ${node}, ${date}; ${rounds.init} rounds of init, ${rounds.tracking} of tracking`,
    "",
    ...formatTable([header, ...figures.map(toRow)]),
    "",
    "Spread: the middle half of the rounds; of the requests the least and the most.",
  ].join("\n");
}

function toRow(figure: Figure): string[] {
  const { name, unit, medians, measured, spread, peer, limit } = figure;
  const show = (value: number) => (peer ? `${value.toFixed(2)}x` : `${value}`);
  return [
    name,
    ...CONTENDERS.map((contender) => `${Number(medians[contender].toPrecision(3))} ${unit}`.trim()),
    peer ? `${show(measured)} ${peer}` : show(measured),
    spread.map(show).join("–"),
    limit === undefined ? "" : `≤ ${show(limit)}`,
    limit === undefined ? "(for information)" : isReached(figure) ? "ok" : "MISSED",
  ];
}

/** Rows of cells as Markdown, the first of them the header; aligned for a terminal too. */
export function formatTable(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = rows.map((row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`);
  lines.splice(1, 0, `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`);
  return lines;
}
