import { parseArgs } from "node:util";
import { UsageError } from "./usage-error.ts";

/** A flag and the setting it is another spelling of; `boolean` ones are read by the command itself. */
export interface Flag {
  readonly setting?: string;
  readonly help: string;
}

export interface ParsedFlags {
  /** Values by the setting's name, to be laid over the environment. */
  readonly settings: { readonly [setting: string]: string };
  /** Flags without a value that were given. */
  readonly given: ReadonlySet<string>;
  /** What is no flag, in order. */
  readonly words: readonly string[];
}

/**
 * Parses `--name value` and `--name`. An unknown flag is an error that lists the known ones; so is a word, unless the
 * command takes some. A word may begin with one dash, as ids do: there are no flags of one letter.
 */
export function parseFlags(
  command: string,
  args: readonly string[],
  flags: { readonly [name: string]: Flag },
  { takesWords = false }: { readonly takesWords?: boolean } = {},
): ParsedFlags {
  const isDashed = (arg: string) => takesWords && /^-[^-]/.test(arg);
  const ordered = args.includes("--")
    ? args
    : [...args.filter((arg) => !isDashed(arg)), "--", ...args.filter(isDashed)];
  const options = Object.fromEntries(
    Object.entries(flags).map(([name, { setting }]) => [
      name,
      { type: setting ? ("string" as const) : ("boolean" as const) },
    ]),
  );
  try {
    const { values, positionals } = parseArgs({
      args: takesWords ? [...ordered] : [...args],
      options,
      strict: true,
      allowPositionals: takesWords,
    });
    const settings: { [setting: string]: string } = {};
    const switches = new Set<string>();
    for (const [name, value] of Object.entries(values)) {
      const setting = flags[name]?.setting;
      if (setting) settings[setting] = String(value);
      else if (value === true) switches.add(name);
    }
    return { settings, given: switches, words: positionals };
  } catch (error) {
    const detail = error instanceof Error ? error.message.split(". ")[0] : "unknown flag";
    throw new UsageError(`${detail}. Run \`tallymark-collector ${command} --help\` for the flags there are.`);
  }
}

/** The help text of a command. */
export function helpFor(usage: string, flags: { readonly [name: string]: Flag }): string {
  const lines = Object.entries(flags).map(([name, { setting, help }]) => {
    const left = setting ? `--${name} <value>` : `--${name}`;
    return `  ${left.padEnd(30)}${help}${setting ? ` (${setting})` : ""}`;
  });
  return `${usage}\n\n${lines.join("\n")}\n`;
}
