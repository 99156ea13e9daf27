import { disk } from "../disk/disk.ts";
import { bySegmentTime, parseSegment, type Segment } from "./segment.ts";

/**
 * Every data file of the folder, oldest first. Other files are not ours and are left out; so is a `.gz` whose original is
 * still there, because compressing was interrupted: its lines would count twice.
 */
export async function listSegments(dataDir: string): Promise<Segment[]> {
  const names = new Set(await disk.readdir(dataDir));
  return [...names]
    .map(parseSegment)
    .filter((segment) => segment !== undefined)
    .filter(({ kind, name }) => kind !== "gz" || !names.has(name.slice(0, -".gz".length)))
    .sort(bySegmentTime);
}
