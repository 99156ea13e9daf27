/**
 * A short name for what is the same each time it happens: a hash. Of the message without what differs from one time to the
 * next: numbers, ids, and what is quoted.
 */
export function fingerprint(place: string, message: string): string {
  let hash = 0;
  for (const character of place + message.replace(/(["'`]).*?\1|[\da-f-]{8,}|\d+/gi, ""))
    hash = (hash * 31 + (character.codePointAt(0) as number)) >>> 0;
  return hash.toString(36);
}
