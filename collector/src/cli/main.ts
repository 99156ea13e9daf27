#!/usr/bin/env node
/**
 * `tallymark-collector <command>`. Only the files of this folder read arguments and environment.
 * @module
 */
import { ConfigError } from "../config/read-config.ts";
import { DataFolderError } from "../disk/data-folder-error.ts";
import { VERSION } from "../version.ts";
import { UsageError } from "./usage-error.ts";

const HELP = `Usage: tallymark-collector <command> [flags]

  serve     take events over HTTP and keep them in JSONL files
  rotate    compress and delete closed data files when their time has come
  forget    erase a visitor from all data files
  export    print the stored events of a visitor
  verify    check the data files of a folder, or of a copy of one

Run a command with --help for its flags. Settings are read from the environment; see the README.
`;

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${sentenceFor(error)}\n`);
  process.exitCode = 1;
}

async function run([command, ...args]: readonly string[]): Promise<number> {
  switch (command) {
    case "serve":
      await (await import("./serve.ts")).serve(args, process.env);
      return 0;
    case "rotate":
      return (await import("./rotate.ts")).rotate(args, process.env);
    case "forget":
      return (await import("./forget.ts")).forget(args, process.env);
    case "export":
      return (await import("./export.ts")).exportCommand(args, process.env);
    case "verify":
      return (await import("./verify.ts")).verify(args, process.env);
    case "--version":
      process.stdout.write(`${VERSION}\n`);
      return 0;
    case undefined:
    case "help":
    case "--help":
      process.stdout.write(HELP);
      return 0;
    default:
      throw new UsageError(
        `There is no command "${command}". Run \`tallymark-collector --help\` for the ones there are.`,
      );
  }
}

/** What went wrong and what to do next, in a sentence. Anything unforeseen keeps its stack: that is a bug of ours. */
function sentenceFor(error: unknown): string {
  if (error instanceof ConfigError || error instanceof DataFolderError || error instanceof UsageError)
    return error.message;
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE")
    return "The port is taken by another program. Stop that one, or name another port in PORT.";
  if (code === "EACCES") return "This user may not listen on that port. Name one above 1023 in PORT.";
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
    return "HOST is not an address of this machine. Correct it, for example 127.0.0.1.";
  return error.stack ?? error.message;
}
