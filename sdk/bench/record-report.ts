import { readFile, writeFile } from "node:fs/promises";

const RESULTS = new URL("RESULTS.md", import.meta.url);

/** Replaces the section of `RESULTS.md` with this heading, or adds it: for people and, below, for programs. */
export async function recordReport(heading: string, text: string, report: object): Promise<void> {
  const section = `## ${heading}

${text}

\`\`\`json
${JSON.stringify(report, roundNumber, 2)}
\`\`\`
`;
  const sections = (await readFile(RESULTS, "utf8")).split(/^(?=## )/m);
  const index = sections.findIndex((known) => known.startsWith(`## ${heading}\n`));
  const before = index < 0 ? sections : sections.slice(0, index);
  const after = index < 0 ? [] : sections.slice(index + 1);
  await writeFile(RESULTS, [...before, section, ...after].map((part) => `${part.trimEnd()}\n`).join("\n"));
}

/** More digits than four are noise. */
function roundNumber(_key: string, value: unknown): unknown {
  return typeof value === "number" ? Number(value.toPrecision(4)) : value;
}
