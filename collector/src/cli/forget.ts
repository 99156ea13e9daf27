import { basename, join } from "node:path";
import type { ErasureAnswer } from "@tallymark/sdk/protocol";
import { type Config, readConfig } from "../config/read-config.ts";
import { DataFolderError, reasonOf } from "../disk/data-folder-error.ts";
import { type FolderLock, FolderLockedError, takeFolderLock } from "../disk/folder-lock.ts";
import { createEraser } from "../erase/eraser.ts";
import { longestRetentionDays } from "../rotate/policy.ts";
import { askToForget } from "./ask-to-forget.ts";
import { checkFolder } from "./check-folder.ts";
import { type Flag, helpFor, parseFlags } from "./flags.ts";
import { showProgress } from "./show-progress.ts";
import { visitorIdIn } from "./visitor-id.ts";

const FLAGS: { readonly [name: string]: Flag } = {
  "data-dir": { setting: "METRICS_DIR", help: "the data folder, ./data" },
  url: { setting: "TALLYMARK_URL", help: "of the collector that writes there, http://HOST:PORT" },
  help: { help: "this text" },
};

const USAGE =
  "tallymark-collector forget ID: erases a visitor or session from all files, and refuses what still comes of them.\n" +
  "A running collector is asked to do it (METRICS_READ_TOKEN); without one it is done here. Prints the receipt.\n" +
  "An ID that begins with two dashes goes behind `--`.";

const DAY_MS = 86_400_000;

/** `tallymark-collector forget`: resolves to the exit code, 0 when nothing is left of the visitor. */
export async function forget(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const { settings, given, words } = parseFlags("forget", args, FLAGS, { takesWords: true });
  if (given.has("help")) {
    process.stdout.write(helpFor(USAGE, FLAGS));
    return 0;
  }
  const id = visitorIdIn("forget", words);
  const environment = { ...env, ...settings };
  const config = readConfig(environment);
  await checkFolder(config.dataDir);
  const lock = await takeWriterLock(config.dataDir);
  const answer =
    lock instanceof FolderLockedError
      ? await askToForget(id, { config, url: environment.TALLYMARK_URL, holder: lock })
      : await eraseHere(id, config, lock);
  process.stdout.write(`${JSON.stringify(answer)}\n`);
  if (answer.status === "done") return 0;
  process.stderr.write(
    "The visitor is not erased from every file yet. Mend what is said above or in the collector's log; then the collector goes on by itself, or run this again.\n",
  );
  return 1;
}

async function takeWriterLock(dataDir: string): Promise<FolderLock | FolderLockedError> {
  try {
    return await takeFolderLock(join(dataDir, ".tallymark", "writer.lock"));
  } catch (error) {
    if (error instanceof FolderLockedError) return error;
    throw new DataFolderError(
      `Tallymark cannot write to the data folder ${dataDir}: ${reasonOf(error)}. Run this as the collector's user.`,
      { cause: error },
    );
  }
}

async function eraseHere(id: string, config: Config, lock: FolderLock): Promise<ErasureAnswer> {
  const { dataDir, linkPath } = config;
  const progress = showProgress();
  const say = (text: string) => {
    progress.end();
    process.stderr.write(`${text}\n`);
  };
  say("No collector writes here, so it is done by this command.");
  const eraser = createEraser({
    dataDir,
    linkName: basename(linkPath),
    lifetimeMs: (longestRetentionDays(config) + 1) * DAY_MS,
    onFile: progress.onFile,
    onWait: ({ pid, host }) => say(`Waiting for process ${pid} on host ${host}, which works on the files.`),
    onFailure: ({ name = dataDir, error }) => say(`${name} could not be rewritten: ${faultOf(error)}.`),
  });
  try {
    await eraser.open();
    const { tried } = await eraser.erase({ ids: [id], redacts: true });
    return await tried;
  } catch (error) {
    throw new DataFolderError(
      `Tallymark cannot write to the data folder ${dataDir}: ${reasonOf(error)}. Nothing was erased; mend that and run this again.`,
      { cause: error },
    );
  } finally {
    progress.end();
    await eraser.close();
    await lock.release();
  }
}

function faultOf(error: unknown): string {
  return error instanceof Error && "syscall" in error ? reasonOf(error) : "it is damaged; `verify` says where";
}
