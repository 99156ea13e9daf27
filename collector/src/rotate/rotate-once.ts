import { takeMaintenanceLock } from "../disk/maintenance-lock.ts";
import { listSegments } from "../segments/list-segments.ts";
import { readLiveLink } from "../segments/live-link.ts";
import { type TidyFaults, tidyFolder } from "../segments/tidy-folder.ts";
import { type AppliedAction, type ArchiveFile, applyRotation } from "./apply.ts";
import { readCleared, saveCleared } from "./cleared.ts";
import { planRotation, type RotationAction } from "./plan.ts";
import type { RotationPolicy } from "./policy.ts";
import { type Machine, noteStart, readMachine, readSteadyTime } from "./steady-clock.ts";

export interface RotateOptions extends RotationPolicy {
  readonly dataDir: string;
  /** The symlink that names the file being written: that one is left alone. */
  readonly linkPath: string;
  /** zlib's, 1 (fast) to 9 (small); default 6. */
  readonly gzipLevel?: number;
  /** Uploads a file before it is deleted; default: files are deleted at once. */
  readonly archive?: ArchiveFile | undefined;
  /** Default: the machine this runs on. */
  readonly machine?: () => Promise<Machine>;
}

export interface RunOptions {
  /** How long to wait for another process that works on the folder, in ms (default 0). */
  readonly waitMs?: number;
  /** Ends the run early; what was done is reported. */
  readonly signal?: AbortSignal | undefined;
}

export interface Planned {
  readonly actions: readonly RotationAction[];
  /** Above 0 where the clock was set forward by so many days, which are not believed. */
  readonly leapDays: number;
}

export interface Rotated {
  readonly actions: readonly AppliedAction[];
  readonly leapDays: number;
}

/** What a run would do now; touches nothing. */
export async function planNow(options: RotateOptions, clock: number): Promise<Planned> {
  const { dataDir, linkPath, archive, machine = readMachine } = options;
  const { now, leapDays } = await readSteadyTime(dataDir, clock, await machine());
  const live = await readLiveLink(linkPath);
  const cleared = await readCleared(dataDir, options);
  const segments = await listSegments(dataDir);
  const context = { live, cleared, isArchived: archive !== undefined, now };
  return { actions: planRotation(segments, options, context), leapDays };
}

/**
 * One run: finishes what a killed one left, then does what is due. Rejects with FolderLockedError where another process
 * works on the folder, otherwise only where the folder itself cannot be read.
 * @param clock in ms since 1970
 */
export async function rotateOnce(
  options: RotateOptions,
  clock: number,
  { waitMs = 0, signal }: RunOptions = {},
): Promise<Rotated> {
  const { dataDir, linkPath, gzipLevel, archive, machine = readMachine } = options;
  const lock = await takeMaintenanceLock(dataDir, { waitMs });
  try {
    const faults = await tidyFolder(dataDir, await readLiveLink(linkPath));
    await noteStart(dataDir, clock, await machine());
    const { actions, leapDays } = await planNow(options, clock);
    const cleared = await readCleared(dataDir, options);
    const segments = await listSegments(dataDir);
    const done = await applyRotation(without(faults, actions), {
      dataDir,
      policy: options,
      ...(gzipLevel !== undefined && { gzipLevel }),
      archive,
      async onCleared(name, ageDays) {
        cleared.set(name, ageDays);
        await saveCleared(dataDir, options, cleared, segments);
      },
      signal,
    });
    return { actions: [...reported(faults), ...done], leapDays };
  } finally {
    await lock.release();
  }
}

/** Where a file and its `.gz` differ, neither is rewritten; their time is up all the same. */
function without(faults: TidyFaults, actions: readonly RotationAction[]): RotationAction[] {
  return actions.filter(({ type, name }) => type === "delete" || !faults.has(name));
}

function reported(faults: TidyFaults): AppliedAction[] {
  const reason = "it and its .gz are both there";
  return [...faults].map(([name, error]) => ({ type: "tidy", name, ageDays: 0, reason, error }));
}
