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
}

/** Parses `--name value` and `--name`. An unknown flag is an error that lists the known ones. */
export function parseFlags(
  command: string,
  args: readonly string[],
  flags: { readonly [name: string]: Flag },
): ParsedFlags {
  const options = Object.fromEntries(
    Object.entries(flags).map(([name, { setting }]) => [
      name,
      { type: setting ? ("string" as const) : ("boolean" as const) },
    ]),
  );
  try {
    const { values } = parseArgs({ args: [...args], options, strict: true });
    const settings: { [setting: string]: string } = {};
    const given = new Set<string>();
    for (const [name, value] of Object.entries(values)) {
      const setting = flags[name]?.setting;
      if (setting) settings[setting] = String(value);
      else if (value === true) given.add(name);
    }
    return { settings, given };
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
