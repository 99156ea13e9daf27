import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { type CollectorProcess, startCollector } from "../collector-process.ts";
import { runCli } from "../run-cli.ts";
import { tempFolder } from "../temp-folder.ts";

const CONNECTIONS = 64;
const hasRsync = spawnSync("rsync", ["--version"]).status === 0;

/** The commands of the README, section "Back up". */
const COPIES = [
  ["cp -a", "cp -a data/metrics-* backup/", true],
  ["rsync", "rsync -a --exclude='*.tmp' --include='metrics-*' --exclude='*' data/ backup/", hasRsync],
] as const;

describe.each(COPIES)("a copy by %s", (_name, command, isThere) => {
  it.skipIf(!isThere)("of a folder that 64 connections write to holds every event acknowledged before", async () => {
    const folder = tempFolder();
    const dataDir = join(folder, "data");
    mkdirSync(join(folder, "backup"));
    const collector = await startCollector({
      METRICS_JSONL: join(dataDir, "metrics.jsonl"),
      METRICS_MAX_MB: "0.02",
      LOG_LEVEL: "warn",
    });
    const load = startLoad(collector);
    try {
      await load.until(1500);
      const before = new Set(load.acknowledged);
      execFileSync("sh", ["-c", command], { cwd: folder });
      const filesCopied = readdirSync(dataDir).length;
      await load.until(before.size + 1500);
      expect(readdirSync(dataDir).length).toBeGreaterThan(filesCopied);
      await load.stop();

      const verified = await runCli(["verify", join(folder, "backup")]);
      expect(verified).toMatchObject({ code: 0, stderr: "" });
      const names = namesIn(join(folder, "backup"));
      expect(names.length).toBeGreaterThan(10);
      const copied = names.map((name) => readFileSync(join(folder, "backup", name), "utf8")).join("");
      const ids = new Set(copied.match(/^\{"id":"[\w-]+"/gm)?.map((start) => start.slice(7, -1)));
      expect([...before].filter((id) => !ids.has(id))).toEqual([]);
      // All but the newest were closed: the copy is the file.
      for (const name of names.slice(0, -1)) {
        const [copy, file] = ["backup", "data"].map((place) => readFileSync(join(folder, place, name)));
        expect(copy && file && copy.equals(file)).toBe(true);
      }
    } finally {
      await load.stop();
      await collector.stop();
      rmSync(dataDir, { recursive: true });
    }
  });
});

/** Files of one day, oldest first. */
function namesIn(dataDir: string): string[] {
  const shardOf = (name: string) => Number(name.split(".")[1]) || 0;
  return readdirSync(dataDir).sort((a, b) => a.slice(0, 18).localeCompare(b.slice(0, 18)) || shardOf(a) - shardOf(b));
}

function startLoad({ url }: CollectorProcess) {
  const acknowledged: string[] = [];
  let isStopped = false;
  const loops = Array.from({ length: CONNECTIONS }, async (_, connection) => {
    for (let index = 0; !isStopped; index++) {
      const id = `c${connection}-${index}`;
      const answer = await fetch(`${url}/api/metrics/event`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ event: "page_view", visitor_id: `visitor-${connection}`, id, title: "ü".repeat(20) }),
      });
      if (answer.status === 202) acknowledged.push(id);
      await answer.arrayBuffer();
    }
  });
  return {
    acknowledged,
    async until(count: number) {
      while (acknowledged.length < count) await sleep(5);
    },
    async stop() {
      isStopped = true;
      await Promise.all(loops);
    },
  };
}
