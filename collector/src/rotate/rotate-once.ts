import { join } from "node:path";
import { disk } from "../disk/disk.ts";
import { listSegments } from "../segments/list-segments.ts";
import { readLiveLink } from "../segments/live-link.ts";
import { type AppliedAction, applyRotation } from "./apply.ts";
import { planRotation, type RotationAction, type RotationPolicy } from "./plan.ts";

export interface RotateOptions extends RotationPolicy {
  readonly dataDir: string;
  /** The symlink that names the file being written: that one is left alone. */
  readonly linkPath: string;
}

/** What a run would do now. */
export async function planNow(options: RotateOptions, now: number): Promise<RotationAction[]> {
  const live = await readLiveLink(options.linkPath);
  return planRotation(await listSegments(options.dataDir), live, options, now);
}

/** One run: compresses and deletes what is due. Rejects only where the folder itself cannot be read. */
export async function rotateOnce(options: RotateOptions, now: number): Promise<AppliedAction[]> {
  await removeLeftovers(options.dataDir);
  return applyRotation(options.dataDir, await planNow(options, now));
}

/**
 * Removes unfinished copies of a run that was killed; their originals are still there. Only what nobody has written to
 * for a while: it could be another run's, and a process id says nothing across containers.
 */
async function removeLeftovers(dataDir: string): Promise<void> {
  for (const name of await disk.readdir(dataDir)) {
    if (!LEFTOVER.test(name)) continue;
    const path = join(dataDir, name);
    const found = await disk.stat(path).catch(() => undefined);
    if (found && Date.now() - found.mtimeMs > LEFTOVER_AGE_MS) await disk.unlink(path).catch(() => {});
  }
}

const LEFTOVER = /^metrics-.*\.gz\.[0-9a-f-]+\.tmp$/;
const LEFTOVER_AGE_MS = 600_000;
