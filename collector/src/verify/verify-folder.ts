import { join } from "node:path";
import { disk } from "../disk/disk.ts";
import { UNFINISHED } from "../disk/replace-file.ts";
import { readLiveLink } from "../segments/live-link.ts";
import { bySegmentTime, parseSegment, type Segment, segmentName } from "../segments/segment.ts";
import { createFindings, type Finding, type Findings } from "./findings.ts";
import { type SeenBefore, type VerifiedFile, verifyFile } from "./verify-file.ts";

export interface VerifyOptions {
  readonly dataDir: string;
  /** Bare name of the link to the live file. */
  readonly linkName: string;
  /** Remembers ids, to find one that is stored twice. */
  readonly seenIds: SeenBefore;
  /** Before each file. */
  readonly onFile?: (progress: { readonly name: string; readonly index: number; readonly of: number }) => void;
}

export interface Verified {
  readonly files: readonly VerifiedFile[];
  readonly findings: readonly Finding[];
}

/** Checks a data folder, or a copy of one: every line of every file, and what lies round them. Reads only. */
export async function verifyFolder({ dataDir, linkName, seenIds, onFile }: VerifyOptions): Promise<Verified> {
  const findings = createFindings();
  const names = await disk.readdir(dataDir);
  const segments = names
    .map(parseSegment)
    .filter((segment) => segment !== undefined)
    .sort(bySegmentTime);
  const live = await checkLink(dataDir, linkName, segments, findings);
  checkGaps(segments, findings);
  await checkLeftovers(dataDir, names, findings);

  const files: VerifiedFile[] = [];
  const readable = segments.filter(({ kind }) => kind !== "torn");
  for (const [index, segment] of readable.entries()) {
    onFile?.({ name: segment.name, index, of: readable.length });
    if (segment.kind === "gz" && names.includes(segment.name.slice(0, -".gz".length))) {
      const message = "its original is still there, and counts instead: the next rotation keeps one of them";
      findings.add({ severity: "warning", file: segment.name, message });
      continue;
    }
    files.push(await verifyFile({ dataDir, segment, isLive: segment.name === live, seenIds, findings }));
  }
  if (files.length === 0)
    findings.add({ severity: "problem", file: "", message: "there is no data file in this folder" });
  return { files, findings: findings.all };
}

/** Returns the bare name of the live file; in a copy without the link that is the newest. */
async function checkLink(
  dataDir: string,
  linkName: string,
  segments: readonly Segment[],
  findings: Findings,
): Promise<string | undefined> {
  const newest = segments.filter(({ kind }) => kind === "plain").at(-1)?.name;
  const found = await disk.lstat(join(dataDir, linkName)).catch(() => undefined);
  const add = (severity: Finding["severity"], message: string) => findings.add({ severity, file: linkName, message });
  if (!found) add("warning", "the link to the live file is not there: normal in a copy, and the next start makes it");
  else if (!found.isSymbolicLink()) add("warning", "is a file where the link belongs: a start keeps it as .old");
  const target = found?.isSymbolicLink() ? await readLiveLink(join(dataDir, linkName)) : undefined;
  if (target === undefined) return newest;
  if (!segments.some(({ name }) => name === target)) add("problem", "names a file that is not there");
  else if (target !== newest) add("warning", "does not name the newest file");
  return target;
}

/** Shards of a day are numbered without a gap, and are deleted by the day. */
function checkGaps(segments: readonly Segment[], findings: Findings): void {
  const highest = new Map<string, number>();
  for (const { day, shard } of segments) highest.set(day, Math.max(highest.get(day) ?? 0, shard));
  const there = new Set(
    segments.filter(({ kind }) => kind !== "torn").map(({ day, shard }) => segmentName(day, shard)),
  );
  for (const [day, last] of highest) {
    // A name may say any number: gaps are counted, not walked through.
    const missing =
      last + 1 - segments.filter((one) => one.day === day && there.delete(segmentName(day, one.shard))).length;
    if (missing === 0) continue;
    const message = `${missing} of the files of ${day} up to number ${last} missing: deleted, not copied, or not made when the disk failed`;
    findings.add({ severity: "problem", file: "", message });
  }
}

async function checkLeftovers(dataDir: string, names: readonly string[], findings: Findings): Promise<void> {
  for (const name of [...names].sort()) {
    const add = (message: string) => findings.add({ severity: "warning", file: name, message });
    if (parseSegment(name)?.kind === "torn") add("what a crash left of a line that was never acknowledged");
    if (UNFINISHED.test(name)) add("an unfinished copy: the next rotation or erasure removes it");
    if (name.endsWith(".jsonl.old")) add("was there before Tallymark, and is not checked");
  }
  const erasures = await disk.readdir(join(dataDir, ".tallymark", "erasures")).catch((): string[] => []);
  if (erasures.some((name) => name.endsWith(".request"))) {
    const message = "somebody's erasure is not finished: the collector goes on with it at its next start at the latest";
    findings.add({ severity: "warning", file: "", message });
  }
}
