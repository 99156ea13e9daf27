import type { StoredEvent } from "@tallymark/sdk/protocol";

/** JSON allows these inside a string, but many line readers break at them; escaped they mean the same. */
const LINE_BREAKS = /[\u0085\u2028\u2029]/g;

/** An event as one line of JSON, without the newline. */
export function toLine(event: StoredEvent): string {
  return JSON.stringify(event).replace(LINE_BREAKS, escapeCodeUnit);
}

function escapeCodeUnit(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
