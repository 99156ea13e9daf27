import { EVENT_NAME } from "@tallymark/sdk/protocol";

export interface Ttl {
  /** Days by event name. */
  readonly days: { readonly [event: string]: number };
  /** Each one completes the sentence "METRICS_TTL …". */
  readonly faults: readonly string[];
}

const MAX_DAYS = 36_500;

/** Reads `error=7d,page_view=30d`. */
export function readTtl(text: string): Ttl {
  const days = new Map<string, number>();
  const faults: string[] = [];
  const entries = text.split(",").map((entry) => entry.trim());
  for (const entry of entries.filter(Boolean)) {
    const at = entry.lastIndexOf("=");
    const name = entry.slice(0, Math.max(0, at)).trim();
    const term = /^([1-9]\d{0,4})d$/.exec(entry.slice(at + 1).trim());
    if (at < 0) faults.push(`must be event names and days such as error=7d, not "${entry}"`);
    else if (!EVENT_NAME.test(name)) faults.push(`must name events as pages send them, not "${name}"`);
    else if (!term || Number(term[1]) > MAX_DAYS)
      faults.push(`must say how long "${name}" is kept in whole days, from 1d to ${MAX_DAYS}d`);
    else if (days.has(name)) faults.push(`must not name "${name}" twice`);
    else days.set(name, Number(term[1]));
  }
  return { days: Object.fromEntries(days), faults };
}
