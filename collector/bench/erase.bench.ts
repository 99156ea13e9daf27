import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import {
  closeSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipFile } from "../src/rotate/gzip-file.ts";
import type { Bench, Figure } from "./bench.ts";

const EVENTS = 1_000_000;
const VISITORS = 100_000;
const SHARD_BYTES = 67_108_864;

/** Somebody who came on one day: 10 events near each other. */
const ONE_DAY = visitorId(77_777);

/** A regular: 50 events near each other, in every file. */
const EVERY_FILE = visitorId(100_001);

/** The worst there is: an event in every 1,000, so that every block of every file is written anew. */
const EVERY_BLOCK = visitorId(100_002);

interface Measured {
  readonly erased: { readonly files: number; readonly events: number };
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly overIdleMb: number;
}

export const bench: Bench = {
  title: "Erasing one visitor",
  method: `${EVENTS.toLocaleString("en")} events of ${VISITORS.toLocaleString("en")} visitors, about 500 MB, in shards of 64 MB; a process of its own for each figure, from the wish to the receipt, every step on the disk. "After 3 days": the older half compressed.`,

  async run(say) {
    const work = mkdtempSync(join(tmpdir(), "tallymark-erase-"));
    try {
      const plain = join(work, "plain");
      mkdirSync(plain);
      say(`${(writeEvents(plain) / 1e6).toFixed(0)} MB written`);
      const gz = copyOf(plain, join(work, "gz"));
      for (const name of readdirSync(gz)) await gzipFile(join(gz, name));
      say("compressed");
      const half = copyOf(plain, join(work, "half"));
      const names = readdirSync(half).sort(byShard);
      for (const name of names.slice(0, names.length / 2)) await gzipFile(join(half, name));

      const figures: Figure[] = [];
      for (const [what, dataDir] of [
        ["plain", plain],
        [".gz", gz],
        ["after 3 days, half of it .gz", half],
      ] as const) {
        for (const [who, id] of [
          ["10 events of one day", ONE_DAY],
          ["50 events in every file", EVERY_FILE],
          ["an event in every block", EVERY_BLOCK],
        ] as const) {
          const { erased, seconds, cpuSeconds, overIdleMb } = eraseOne(dataDir, id);
          const measured = `${seconds.toFixed(2)} s (CPU ${cpuSeconds.toFixed(2)} s, ${overIdleMb.toFixed(0)} MB over idle; ${erased.events} events, ${erased.files} files)`;
          say(`${what}, ${who}: ${measured}`);
          figures.push({ what: `${what}: ${who}`, limit: "5 s", goal: "2 s", measured });
        }
      }
      return figures;
    } finally {
      rmSync(work, { recursive: true });
    }
  },
};

function eraseOne(dataDir: string, id: string): Measured {
  const script = fileURLToPath(new URL("erase-one.ts", import.meta.url));
  const command = ["--import", "tsx", "--conditions=@tallymark/source", script, dataDir, id];
  return JSON.parse(execFileSync(process.execPath, command, { encoding: "utf8" }));
}

/** Returns the bytes written. */
function writeEvents(dataDir: string): number {
  let bytes = 0;
  let shard = 0;
  let shardBytes = 0;
  let file = openSync(join(dataDir, nameOf(shard)), "w");
  for (let index = 0; index < EVENTS; index += 1000) {
    const lines = Buffer.from(Array.from({ length: 1000 }, (_, more) => lineOf(index + more)).join(""));
    if (shardBytes + lines.length > SHARD_BYTES) {
      closeSync(file);
      shard += 1;
      shardBytes = 0;
      file = openSync(join(dataDir, nameOf(shard)), "w");
    }
    writeSync(file, lines);
    shardBytes += lines.length;
    bytes += lines.length;
  }
  closeSync(file);
  return bytes;
}

function nameOf(shard: number): string {
  return shard === 0 ? "metrics-2026-11-20.jsonl" : `metrics-2026-11-20.${shard}.jsonl`;
}

function byShard(a: string, b: string): number {
  return Number(a.split(".")[1]) - Number(b.split(".")[1]) || a.length - b.length;
}

function visitorOf(index: number): string {
  if (index % 1000 === 999) return EVERY_BLOCK;
  if (index % 100_000 < 100 && index % 2 === 0) return EVERY_FILE;
  return visitorId(Math.floor(index / 4000) * 400 + ((index * 7919) % 400));
}

/** Each visitor's ten events lie a few thousand lines apart at most. */
function lineOf(index: number): string {
  const visitor = visitorOf(index);
  const at = new Date(Date.UTC(2026, 10, 20) + index * 80).toISOString();
  const word = randomText(6);
  return `${JSON.stringify({
    id: randomText(22),
    event: index % 3 === 0 ? "page_view" : "engagement",
    visitor_id: visitor,
    session_id: `${visitor.slice(0, 30)}-session`,
    page_view_id: index % 3 === 0 ? randomText(22) : `${visitor.slice(0, 30)}-view`,
    ts: Date.parse(at),
    url: `/shop/${word}/products/${index % 977}`,
    referrer: "https://www.example.com/search",
    title: `Product ${index % 977} of our shop`,
    language: "en",
    viewport: "lg",
    metadata: { navigation: "load", position: index % 50, list: word, price: (index % 10_000) / 100, currency: "EUR" },
    sample_rate: 1,
    received_at: at,
    device: { type: "desktop", browser: "Chrome 131", os: "Windows" },
  })}\n`;
}

/** As hard to compress as real ids are. */
function randomText(characters: number): string {
  return randomBytes(characters).toString("base64url").slice(0, characters);
}

/** In the form of the SDK's: 128 bits as four decimal numbers. */
function visitorId(number: number): string {
  const hash = createHash("sha256").update(String(number)).digest();
  return [0, 4, 8, 12].map((at) => hash.readUInt32LE(at)).join("-");
}

function copyOf(from: string, to: string): string {
  mkdirSync(to);
  for (const name of readdirSync(from))
    if (statSync(join(from, name)).isFile()) copyFileSync(join(from, name), join(to, name));
  return to;
}
