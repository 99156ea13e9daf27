import { type DiskCall, nameOf } from "../intercept-disk.ts";

/** A call's name without the day, the shard and the hashes in it: the same step, whichever file it is done to. */
export function stepKind(call: DiskCall): string {
  return nameOf(call)
    .replace(/metrics-\d{4}-\d{2}-\d{2}(\.\d+)?/g, "metrics-…")
    .replace(/[0-9a-f]{16,}|[\w-]{32,}/g, "…");
}
