import { dirname, join } from "node:path";
import { disk } from "../disk/disk.ts";
import { listSegments } from "../segments/list-segments.ts";
import { readLiveLink } from "../segments/live-link.ts";
import { daysSinceEnd } from "../segments/segment.ts";

/** Sizes of the data files by kind, the files that wait for compression, and the disk under them. */
export async function measureDataFolder(linkPath: string, gzipAfterDays: number, now: number) {
  const dataDir = dirname(linkPath);
  const live = await readLiveLink(linkPath);
  const bytes = { live: 0, closed: 0, gz: 0 };
  let gzipBacklogFiles = 0;
  for (const { name, kind, day } of await listSegments(dataDir)) {
    const size = await sizeOf(join(dataDir, name));
    if (kind === "gz") bytes.gz += size;
    else if (name === live) bytes.live += size;
    else bytes.closed += size;
    const isDue = kind === "plain" && name !== live && daysSinceEnd(day, now) >= gzipAfterDays;
    if (isDue) gzipBacklogFiles += 1;
  }
  const volume = await disk.statfs(dataDir);
  return {
    bytes,
    gzipBacklogFiles,
    diskFreeBytes: volume.bavail * volume.bsize,
    diskSizeBytes: volume.blocks * volume.bsize,
  };
}

/** Whether the file that the link names is there, and what it is called. */
export async function findLiveFile(linkPath: string): Promise<{ file: string | null; exists: boolean }> {
  const file = await readLiveLink(linkPath);
  const exists = file !== undefined && (await disk.stat(linkPath).catch(() => undefined)) !== undefined;
  return { file: file ?? null, exists };
}

/** 0 for a file that the rotator has just replaced or deleted. */
async function sizeOf(path: string): Promise<number> {
  const found = await disk.stat(path).catch(() => undefined);
  return found?.size ?? 0;
}
