import { disk } from "../disk/disk.ts";
import { bySegmentTime, parseSegment, type Segment } from "./segment.ts";

/** Every data file of the folder, oldest first. Other files are not ours and are left out. */
export async function listSegments(dataDir: string): Promise<Segment[]> {
  const names = await disk.readdir(dataDir);
  return names
    .map(parseSegment)
    .filter((segment) => segment !== undefined)
    .sort(bySegmentTime);
}
