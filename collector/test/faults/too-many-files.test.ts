import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createConnection, type Socket } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { tempFolder } from "../temp-folder.ts";
import { expectConserved, startRecorded } from "./recording-client.ts";

/** Enough for the loader, which reads many of our source files at once on a busy machine. */
const OPEN_FILES = 192;

test("too many open files refuse what needs a new file, do not spin, and heal when connections end", async () => {
  const dataDir = tempFolder();
  const env = { METRICS_JSONL: join(dataDir, "metrics.jsonl"), METRICS_MAX_MB: "0.01", LOG_LEVEL: "info" };
  const { collector, client } = await startRecorded(env, { openFiles: OPEN_FILES, bytesPerEvent: 500 });
  await client.postUntil(202);

  const idle = await openConnections(collector.url, 2 * OPEN_FILES);
  const refused = await client.postUntil(503);
  expect(refused.json).toMatchObject({ ok: false, error: "unavailable" });
  const health = await client.health();
  expect(health.status).toBe(503);
  expect(health.json).toMatchObject({ status: "degraded", reason: "too_many_files" });
  for (let n = 0; n < 100; n += 1) expect((await client.post()).status).toBe(503);

  const before = cpuSeconds(collector.process.pid);
  await new Promise((resolve) => setTimeout(resolve, 2000));
  expect(cpuSeconds(collector.process.pid) - before).toBeLessThan(0.5);
  expect((await client.health()).json.reason).toBe("too_many_files");
  expect(
    collector
      .output()
      .split("\n")
      .filter((line) => /"level":"(?:error|warn)"/.test(line)).length,
  ).toBeLessThan(8);

  for (const socket of idle) socket.destroy();
  await client.postUntil(202);
  for (let n = 0; n < 50; n += 1) expect((await client.post()).status).toBe(202);
  expect((await client.health()).json.status).toBe("healthy");
  client.close();
  expect(await collector.stop()).toBe(0);
  expectConserved(dataDir, client.acknowledged);
});

/** Connections that say nothing; some are refused when the collector has no more files. */
async function openConnections(url: string, count: number): Promise<Socket[]> {
  const sockets: Socket[] = [];
  for (let n = 0; n < count; n += 1) {
    const socket = createConnection({ host: "127.0.0.1", port: Number(new URL(url).port) });
    socket.on("error", () => {});
    onTestFinished(() => void socket.destroy());
    sockets.push(socket);
    await Promise.race([once(socket, "connect"), once(socket, "close")]);
  }
  await new Promise((resolve) => setTimeout(resolve, 300));
  return sockets;
}

/** User and system time, proc(5). */
function cpuSeconds(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
