import { basename } from "node:path";
import { readConfig } from "../config/read-config.ts";
import { createSeenIds } from "../ingest/seen-ids.ts";
import type { Finding } from "../verify/findings.ts";
import type { VerifiedFile } from "../verify/verify-file.ts";
import { verifyFolder } from "../verify/verify-folder.ts";
import { checkFolder } from "./check-folder.ts";
import { type Flag, helpFor, parseFlags } from "./flags.ts";
import { showProgress } from "./show-progress.ts";
import { UsageError } from "./usage-error.ts";

const FLAGS: { readonly [name: string]: Flag } = {
  help: { help: "this text" },
};

/** An id that is stored twice is found if fewer events than this lie between the two: 32 MiB of memory. */
const ID_WINDOW = 1_048_576;

const USAGE = `tallymark-collector verify DIR: checks every data file of a folder, or of a copy of one, and reads only.

Every line must be a JSON object in UTF-8 with the fields of a stored event, and every id be stored once (found where
fewer than ${ID_WINDOW.toLocaleString("en")} events lie between the two). Every .gz must be whole, and hold as many lines as it says. No shard of a day
may be missing. Warnings, which fail nothing: received_at more than a minute back within a file, or on another UTC day
than the file's (a clock was set); torn lines set aside; unfinished copies; the link.

Exit code: 0 nothing is wrong, 1 something is, 2 the command was wrong.`;

/** `tallymark-collector verify`: resolves to the exit code. */
export async function verify(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  try {
    return await verifyOrThrow(args, env);
  } catch (error) {
    if (!(error instanceof UsageError) && !(error instanceof Error && error.name === "DataFolderError")) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
}

async function verifyOrThrow(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const { given, words } = parseFlags("verify", args, FLAGS, { takesWords: true });
  if (given.has("help")) {
    process.stdout.write(helpFor(USAGE, FLAGS));
    return 0;
  }
  const [dataDir] = words;
  if (dataDir === undefined || words.length > 1)
    throw new UsageError("Name one folder: tallymark-collector verify DIR.");
  await checkFolder(dataDir, "Name the right one: tallymark-collector verify DIR.");
  const progress = showProgress();
  const { files, findings } = await verifyFolder({
    dataDir,
    linkName: basename(readConfig(env).linkPath),
    seenIds: createSeenIds(ID_WINDOW),
    onFile: progress.onFile,
  });
  progress.end();
  const problems = findings.filter(({ severity }) => severity === "problem");
  process.stdout.write(`${tableOf(files, findings)}${findings.map(sentenceOf).join("")}${totalOf(files, findings)}`);
  return problems.length > 0 ? 1 : 0;
}

function tableOf(files: readonly VerifiedFile[], findings: readonly Finding[]): string {
  const rows = files.map(({ name, events, bytes, first, last }) => {
    const ofFile = findings.filter(({ file }) => file === name);
    const state = ofFile.some(({ severity }) => severity === "problem")
      ? "WRONG"
      : ofFile.length > 0
        ? "warning"
        : "ok";
    return [name, String(events), String(bytes), first, last, state];
  });
  const all = [["file", "events", "bytes", "first received", "last received", ""], ...rows];
  const widths = [0, 1, 2, 3, 4, 5].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const isNumber = (column: number) => column === 1 || column === 2;
  const cell = (text: string, column: number) =>
    isNumber(column) ? text.padStart(widths[column] ?? 0) : text.padEnd(widths[column] ?? 0);
  return `${all.map((row) => row.map(cell).join("  ").trimEnd()).join("\n")}\n\n`;
}

function sentenceOf({ severity, file, at, count, message }: Finding): string {
  const place = [file, at].filter(Boolean).join(", ");
  const times = count > 1 ? ` (${count} times; this is the first)` : "";
  return `${severity}: ${place ? `${place}: ` : ""}${message}${times}\n`;
}

function totalOf(files: readonly VerifiedFile[], findings: readonly Finding[]): string {
  const events = files.reduce((sum, file) => sum + file.events, 0);
  const count = (severity: Finding["severity"]) => findings.filter((finding) => finding.severity === severity).length;
  const [problems, warnings] = [counted(count("problem"), "problem"), counted(count("warning"), "warning")];
  return `${counted(files.length, "file")}, ${counted(events, "event")}: ${problems}, ${warnings}.\n`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
