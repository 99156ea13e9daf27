import type { BatchAnswer } from "../protocol/answers.ts";
import { warn } from "./warn.ts";

/** Names the events of a batch that broke a rule of the protocol, in development; the collector has counted them. */
export function warnOfRejected(batch: readonly string[], text: string | undefined): void {
  try {
    if (process.env.NODE_ENV !== "production") {
      const { rejected = [] }: Partial<BatchAnswer> = JSON.parse(text || "{}");
      for (const { index, detail } of rejected) {
        const { event } = JSON.parse(batch[index] ?? "{}");
        warn(`the collector has not taken the event "${event}": ${detail}. The event:`, batch[index]);
      }
    }
  } catch {
    // See `warn`.
  }
}
