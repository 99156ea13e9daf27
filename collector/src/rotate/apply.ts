import { join } from "node:path";
import { disk } from "../disk/disk.ts";
import { gzipFile } from "./gzip-file.ts";
import type { RotationAction } from "./plan.ts";

export interface AppliedAction extends RotationAction {
  /** Absent where it was done. */
  readonly error?: unknown;
}

/** Does what was planned, one file after the other. A file that fails is reported and stops nothing. */
export async function applyRotation(dataDir: string, actions: readonly RotationAction[]): Promise<AppliedAction[]> {
  const results: AppliedAction[] = [];
  for (const action of actions) {
    try {
      const path = join(dataDir, action.name);
      if (action.type === "gzip") await gzipFile(path);
      else await disk.unlink(path);
      results.push(action);
    } catch (error) {
      results.push({ ...action, error });
    }
  }
  return results;
}
