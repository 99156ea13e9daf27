import { MAX_TEXT_LENGTH } from "./cut-text.ts";
import { warn } from "./warn.ts";

/**
 * Names what an event loses before it is sent, because JSON has no word for it, or because it is too long; in development.
 * What breaks a rule of the protocol is named by the collector, see `warnOfRejected`.
 * @throws Error for metadata that is not JSON: it names the event, which will be dropped
 */
export function checkMetadata(event: unknown, metadata: unknown): void {
  try {
    if (process.env.NODE_ENV === "production") return;
  } catch {
    // See `warn`.
    return;
  }
  try {
    JSON.stringify(metadata, function (this: Record<string, unknown>, key: string, value: unknown) {
      const loss = lossOf(this[key]) ?? lossOf(value);
      if (loss) warn(`the event "${String(event)}" has metadata that ${loss}; its key "${key}"`);
      return value;
    });
  } catch (cause) {
    throw new Error(`the metadata of "${String(event)}" is not JSON`, { cause });
  }
}

function lossOf(value: unknown): string | undefined {
  if (typeof value === "function" || typeof value === "symbol") return `JSON leaves out, a ${typeof value}`;
  if (typeof value === "number" && !Number.isFinite(value)) return `becomes null in JSON, ${value}`;
  if (value instanceof Node) return "is part of the document, of which JSON says nothing";
  if (typeof value === "string" && value.length > MAX_TEXT_LENGTH) return `is cut after ${MAX_TEXT_LENGTH} characters`;
  return undefined;
}
