import { MIN_SECRET_ID_LENGTH } from "@tallymark/sdk/protocol";
import { isOfVisitor, parseObject, type VisitorIds } from "./visitor-lines.ts";

/** What stands in the place of an id in lines of others. */
const REDACTED = "erased";

/** One visitor's wish, as far as lines are concerned. */
export interface Wish {
  readonly ids: VisitorIds;
  /**
   * Whether the ids are also blanked where lines of others mention them, ids of at least 22 characters at least. Not for a
   * wish that comes without the read token: whoever sends the name of a product as "my id" could else delete it from
   * everybody's events.
   */
  readonly redacts: boolean;
}

/** What one wish means for one line. */
export type Fate = "kept" | "removed" | "redacted";

/** Cheap: whether any of the ids may be in there. */
export function mentionsAny(lines: Buffer, wishes: readonly Wish[]): boolean {
  return wishes.some(({ ids }) => ids.some((id) => lines.includes(id)));
}

/** The line as it should be: the same buffer where it stays, `undefined` where it goes. */
export function editLine(line: Buffer, wishes: readonly Wish[]): Buffer | undefined {
  let edited = line;
  for (const wish of wishes) {
    const fate = fateOf(edited, wish);
    if (fate === "removed") return undefined;
    if (fate === "redacted") edited = redact(edited, wish.ids);
  }
  return edited;
}

export function fateOf(line: Buffer, wish: Wish): Fate {
  if (!mentionsAny(line, [wish])) return "kept";
  if (isOfVisitor(line, wish.ids)) return "removed";
  return wish.redacts && redact(line, wish.ids) !== line ? "redacted" : "kept";
}

/** The same buffer where there is nothing to blank. */
function redact(line: Buffer, ids: VisitorIds): Buffer {
  const secrets = ids.filter((id) => id.length >= MIN_SECRET_ID_LENGTH && line.includes(id));
  if (secrets.length === 0) return line;
  const before = line.toString("latin1");
  const others = visitorsIn(line);
  let text = before;
  for (const id of secrets) text = replaceMentions(text, id, others);
  return text === before ? line : Buffer.from(text, "latin1");
}

/**
 * Replaces an id wherever it stands, also in the middle of other text, but for where it is a part of a longer id that
 * the event itself has: that is somebody else.
 * @param text bytes as latin1, so that what is not UTF-8 stays as it is
 */
function replaceMentions(text: string, id: string, others: ReadonlySet<unknown>): string {
  let replaced = "";
  let from = 0;
  for (let at = text.indexOf(id); at !== -1; at = text.indexOf(id, at + id.length)) {
    const isOther = others.has(wordAround(text, at, at + id.length));
    replaced += text.slice(from, at) + (isOther ? id : REDACTED);
    from = at + id.length;
  }
  return replaced + text.slice(from);
}

/** The longest run of characters that an identifier is made of. */
function wordAround(text: string, start: number, end: number): string {
  let first = start;
  let last = end;
  while (first > 0 && /[\w-]/.test(text.charAt(first - 1))) first -= 1;
  while (last < text.length && /[\w-]/.test(text.charAt(last))) last += 1;
  return text.slice(first, last);
}

/** Who the line is about: somebody else, or the line would go. */
function visitorsIn(line: Buffer): ReadonlySet<unknown> {
  const { visitor_id, session_id } = parseObject(line) ?? {};
  return new Set([visitor_id, session_id]);
}
