import { join } from "node:path";
import { disk } from "../disk/disk.ts";
import { parseSegment, segmentName } from "../segments/segment.ts";
import { expireFile } from "./expire-file.ts";
import { gzipFile } from "./gzip-file.ts";
import type { RotationAction } from "./plan.ts";
import type { RotationPolicy } from "./policy.ts";

export interface ApplyOptions {
  readonly dataDir: string;
  readonly policy: RotationPolicy;
  /** zlib's, 1 (fast) to 9 (small); default 6. */
  readonly gzipLevel?: number;
  /** Uploads a file and resolves once it is known to be whole where it went. */
  readonly archive?: ArchiveFile | undefined;
  /** After a file was looked through for expired events. */
  readonly onCleared?: (plainName: string, ageDays: number) => Promise<void>;
  /** Ends the run between two files, or between two blocks of one, which then stays as it was. */
  readonly signal?: AbortSignal | undefined;
}

/** Rejects unless the bucket has confirmed that it has the whole file. */
export type ArchiveFile = (path: string, signal?: AbortSignal) => Promise<void>;

export interface AppliedAction extends Omit<RotationAction, "type"> {
  /** `tidy`: a plain file and its `.gz` were both there, and could not be made one. */
  readonly type: RotationAction["type"] | "tidy";
  /** Events removed by `expire`. */
  readonly removed?: number;
  /** Absent where it was done. */
  readonly error?: unknown;
}

/** Does what was planned, one file after the other. A file that fails is reported and stops nothing. */
export async function applyRotation(
  actions: readonly RotationAction[],
  options: ApplyOptions,
): Promise<AppliedAction[]> {
  const results: AppliedAction[] = [];
  for (const action of actions) {
    if (options.signal?.aborted) break;
    try {
      results.push({ ...action, ...(await apply(action, options)) });
    } catch (error) {
      if (!options.signal?.aborted) results.push({ ...action, error });
    }
  }
  return results;
}

async function apply(
  { type, name, ageDays }: RotationAction,
  { dataDir, policy, gzipLevel = 6, archive, onCleared, signal }: ApplyOptions,
): Promise<{ removed?: number }> {
  const path = join(dataDir, name);
  switch (type) {
    case "expire": {
      const { removed } = await expireFile(path, { policy, ageDays, level: gzipLevel, signal });
      const segment = parseSegment(name);
      if (segment) await onCleared?.(segmentName(segment.day, segment.shard), ageDays);
      return { removed };
    }
    case "gzip":
      await gzipFile(path, { level: gzipLevel, signal });
      return {};
    case "archive": {
      if (!archive) throw new Error("no archive is set");
      if (!name.endsWith(".gz")) await gzipFile(path, { level: gzipLevel, signal });
      const compressed = name.endsWith(".gz") ? path : `${path}.gz`;
      await archive(compressed, signal);
      await disk.unlink(compressed);
      return {};
    }
    case "delete":
      await disk.unlink(path);
      return {};
  }
}
