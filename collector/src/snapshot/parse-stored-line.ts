import type { StoredEvent } from "@tallymark/sdk/protocol";

/** Reads back a line of our own; `undefined` for one that somebody else has put there. */
export function parseStoredLine(line: string): StoredEvent | undefined {
  try {
    const event: unknown = JSON.parse(line);
    return isStoredEvent(event) ? event : undefined;
  } catch {
    return undefined;
  }
}

function isStoredEvent(value: unknown): value is StoredEvent {
  if (typeof value !== "object" || value === null) return false;
  const { event, id, visitor_id, sample_rate } = value as Partial<StoredEvent>;
  const isRate = typeof sample_rate === "number" && sample_rate > 0 && sample_rate <= 1;
  return isRate && [event, id, visitor_id].every((field) => typeof field === "string");
}
