import { IDENTIFIER } from "@tallymark/sdk/protocol";
import { UsageError } from "./usage-error.ts";

/** The one id that a command was given. It is not repeated in an error: messages end up in logs. */
export function visitorIdIn(command: string, words: readonly string[]): string {
  const [id] = words;
  if (id === undefined || words.length > 1)
    throw new UsageError(`Name one visitor or session: tallymark-collector ${command} ID.`);
  if (!IDENTIFIER.test(id))
    throw new UsageError("That is no id of a visitor: these have 1 to 64 characters of A-Z, a-z, 0-9, _ and -.");
  return id;
}
