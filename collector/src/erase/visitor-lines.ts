import { lineEnd } from "../segments/lines.ts";

const NEWLINE = 0x0a;

/** The ids of one visitor: of the browser, of a visit, or both. */
export type VisitorIds = readonly string[];

/** What a line that holds one of the ids somewhere has to do with the visitor. */
export function isOfVisitor(line: Buffer, ids: VisitorIds): boolean {
  const event = parseObject(line);
  if (event) return ids.some((id) => event.visitor_id === id || event.session_id === id);
  return ids.some((id) => isInTornLine(line, id));
}

/** Of a torn line, or one that is not ours, no more can be read than what stands behind a key. */
function isInTornLine(line: Buffer, id: string): boolean {
  const field = `_id":"${id}`;
  for (let at = line.indexOf(field); at !== -1; at = line.indexOf(field, at + 1)) {
    const next = line.toString("latin1", at + field.length, at + field.length + 1);
    if (!/[\w-]/.test(next)) return true;
  }
  return false;
}

/** The lines of a visitor among many, joined; empty where there are none. */
export function linesOfVisitor(lines: Buffer, ids: VisitorIds): Buffer {
  const found: Buffer[] = [];
  for (const line of linesThatMention(lines, ids)) {
    if (line.at(-1) === NEWLINE && isOfVisitor(line, ids)) found.push(line);
  }
  return Buffer.concat(found);
}

/** Whole lines that hold one of the ids anywhere, each once and in order. */
function* linesThatMention(lines: Buffer, ids: VisitorIds): Generator<Buffer> {
  for (let from = 0; from < lines.length; ) {
    const at = Math.min(...ids.map((id) => lines.indexOf(id, from)).filter((index) => index !== -1));
    if (at === Number.POSITIVE_INFINITY) return;
    const start = lines.lastIndexOf(NEWLINE, at) + 1;
    from = lineEnd(lines, at);
    yield lines.subarray(start, from);
  }
}

/** A line as an object; `undefined` where it is none. */
export function parseObject(
  line: Buffer,
): { readonly visitor_id?: unknown; readonly session_id?: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(line.toString());
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
