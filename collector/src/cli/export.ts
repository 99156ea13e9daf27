import { basename } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { readConfig } from "../config/read-config.ts";
import { codeOf, reasonOf } from "../disk/data-folder-error.ts";
import { exportVisitor } from "../erase/export-visitor.ts";
import { checkFolder } from "./check-folder.ts";
import { type Flag, helpFor, parseFlags } from "./flags.ts";
import { showProgress } from "./show-progress.ts";
import { visitorIdIn } from "./visitor-id.ts";

const FLAGS: { readonly [name: string]: Flag } = {
  "data-dir": { setting: "METRICS_DIR", help: "the data folder, ./data" },
  help: { help: "this text" },
};

const USAGE =
  "tallymark-collector export ID: prints the stored events of a visitor or session, oldest first, one a line.\n" +
  "Exit code 1 where a file could not be read. An ID that begins with two dashes goes behind `--`.";

/** `tallymark-collector export`: only reads files, so it runs beside a collector. Resolves to the exit code. */
export async function exportCommand(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const { settings, given, words } = parseFlags("export", args, FLAGS, { takesWords: true });
  if (given.has("help")) {
    process.stdout.write(helpFor(USAGE, FLAGS));
    return 0;
  }
  const id = visitorIdIn("export", words);
  const { dataDir, linkPath } = readConfig({ ...env, ...settings });
  await checkFolder(dataDir);
  const progress = showProgress();
  let failed = 0;
  const lines = exportVisitor({
    dataDir,
    linkName: basename(linkPath),
    id,
    onFile: process.stdout.isTTY ? () => {} : progress.onFile,
    onFailure({ name, error }) {
      failed += 1;
      process.stderr.write(`${name} could not be read (${readingFault(error)}): run \`tallymark-collector verify\`.\n`);
    },
  });
  try {
    await pipeline(Readable.from(lines), process.stdout, { end: false });
  } catch (error) {
    // Whoever reads us, such as `head`, has enough.
    if (codeOf(error) !== "EPIPE") throw error;
  } finally {
    progress.end();
  }
  return failed > 0 ? 1 : 0;
}

function readingFault(error: unknown): string {
  return error instanceof Error && "syscall" in error ? reasonOf(error) : "it is damaged";
}
