/**
 * `tsx bench/run.ts [name …] [--record]`: measures what the collector promises, each figure as a ratio against a peer or a
 * limit in the same run, prints it, and with `--record` writes it to RESULTS.md.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import type { Bench } from "./bench.ts";

const FOLDER = fileURLToPath(new URL(".", import.meta.url));
const RESULTS = `${FOLDER}RESULTS.md`;

const wanted = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const isRecording = process.argv.includes("--record");
const names = readdirSync(FOLDER)
  .filter((name) => name.endsWith(".bench.ts"))
  .map((name) => name.replace(".bench.ts", ""));
const unknown = wanted.find((name) => !names.includes(name));
if (unknown !== undefined) throw new Error(`There is no benchmark "${unknown}". Name one of ${names.join(", ")}.`);

for (const name of names.filter((name) => wanted.length === 0 || wanted.includes(name))) {
  const { bench }: { bench: Bench } = await import(`./${name}.bench.ts`);
  process.stdout.write(`\n━━ ${bench.title}\n`);
  const rows = await bench.run((line) => process.stdout.write(`${line}\n`));
  const section = [
    `## ${bench.title}`,
    "",
    `\`npx tsx bench/run.ts ${name}\`, Node ${process.versions.node}, ${cpus().length} cores, ${new Date().toISOString().slice(0, 10)}. ${bench.method}`,
    "",
    "| what | at least | goal | measured |",
    "|---|--:|--:|--:|",
    ...rows.map(({ what, limit, goal, measured }) => `| ${what} | ${limit} | ${goal} | ${measured} |`),
  ].join("\n");
  process.stdout.write(`\n${section}\n`);
  if (isRecording) record(name, section);
}

/** Replaces the section of one benchmark and leaves the others. */
function record(name: string, section: string): void {
  const open = `<!-- ${name} -->`;
  const close = `<!-- /${name} -->`;
  const text = readFileSync(RESULTS, "utf8");
  const before = text.split(open)[0] ?? text;
  const after = text.split(close)[1] ?? "\n";
  writeFileSync(RESULTS, `${before.trimEnd()}\n\n${open}\n${section}\n${close}${after}`);
}
