import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { StoredEvent } from "@tallymark/sdk/protocol";

/** Every stored event of a data folder, in the order of its files. Fails on a line that does not parse. */
export function readDataFolder(dataDir: string): StoredEvent[] {
  return dataFiles(dataDir).flatMap((name) => {
    const bytes = readFileSync(join(dataDir, name));
    const text = name.endsWith(".gz") ? gunzipSync(bytes).toString() : bytes.toString();
    if (text !== "" && !text.endsWith("\n")) throw new Error(`${name} ends in a partial line`);
    return text
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  });
}

/** Names of the data files, oldest first; the link is left out. */
function dataFiles(dataDir: string): string[] {
  return readdirSync(dataDir)
    .filter((name) => /^metrics-.*\.jsonl(\.gz)?$/.test(name))
    .sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
}
