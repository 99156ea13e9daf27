import { writeFile } from "node:fs/promises";
import { formatReport, type Report } from "./report.ts";

const RESULTS = new URL("RESULTS.md", import.meta.url);

/** Replaces `RESULTS.md` by this report, for people and, below, for programs. */
export async function recordReport(report: Report): Promise<void> {
  await writeFile(
    RESULTS,
    `# SDK benchmark

Written by \`npx pnpm bench --record\`. Only ratios can be compared between machines.

${formatReport(report)}

\`\`\`json
${JSON.stringify(report, roundNumber, 2)}
\`\`\`
`,
  );
}

/** More digits than four are noise. */
function roundNumber(_key: string, value: unknown): unknown {
  return typeof value === "number" ? Number(value.toPrecision(4)) : value;
}
