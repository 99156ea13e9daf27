import { join } from "node:path";
import { type Segment, segmentName } from "../segments/segment.ts";
import { type RotationPolicy, retentionKey } from "./policy.ts";
import { readState, saveState } from "./state-file.ts";

/**
 * Which files have been looked through for expired events, and up to which retention, in days, by their plain names. Only
 * saves looking again: where it is lost, or is of another policy, every file counts as not looked at.
 */
export async function readCleared(dataDir: string, policy: RotationPolicy): Promise<Map<string, number>> {
  const state = await readState(pathIn(dataDir));
  if (state?.policy !== retentionKey(policy) || typeof state.cleared !== "object" || !state.cleared) return new Map();
  return new Map(Object.entries(state.cleared).filter(([, days]) => typeof days === "number"));
}

/** Keeps what is said of files that are there; the others' names never come back. */
export async function saveCleared(
  dataDir: string,
  policy: RotationPolicy,
  cleared: ReadonlyMap<string, number>,
  segments: readonly Segment[],
): Promise<void> {
  const there = new Set(segments.map(({ day, shard }) => segmentName(day, shard)));
  const kept = Object.fromEntries([...cleared].filter(([name]) => there.has(name)));
  await saveState(pathIn(dataDir), { policy: retentionKey(policy), cleared: kept });
}

function pathIn(dataDir: string): string {
  return join(dataDir, ".tallymark", "cleared.json");
}
