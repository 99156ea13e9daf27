import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { StoredEvent } from "@tallymark/sdk/protocol";
import { bySegmentTime, parseSegment } from "../src/segments/segment.ts";

/** Every stored event of a data folder, oldest file first. Fails on a line that does not parse. */
export function readDataFolder(dataDir: string): StoredEvent[] {
  const segments = readdirSync(dataDir)
    .map(parseSegment)
    .filter((segment) => segment !== undefined)
    .filter(({ kind }) => kind !== "torn")
    .sort(bySegmentTime);
  return segments.flatMap(({ name, kind }) => {
    const bytes = readFileSync(join(dataDir, name));
    const text = kind === "gz" ? gunzipSync(bytes).toString() : bytes.toString();
    if (text !== "" && !text.endsWith("\n")) throw new Error(`${name} ends in a partial line`);
    return text
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  });
}
