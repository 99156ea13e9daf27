import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EventAnswer, Snapshot } from "@tallymark/sdk/protocol";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type CollectorProcess, startCollector } from "../collector-process.ts";
import { jsonOf } from "../json-of.ts";
import { readDataFolder } from "../read-data-folder.ts";

const JSON_TYPE = { "Content-Type": "application/json" };
const HALF_REQUESTS = [
  'Content-Length: 100\r\n\r\n{"event":"half',
  'Transfer-Encoding: chunked\r\n\r\n10\r\n{"event":"half"}\r\n',
  "Content-Length: 100\r\n\r\n",
  "Content-Length: 100\r\n",
];

let dataDir: string;
let collector: CollectorProcess;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "tallymark-"));
  collector = await startCollector({ METRICS_JSONL: join(dataDir, "metrics.jsonl"), LOG_LEVEL: "info" });
});

afterAll(async () => {
  await collector.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

describe("the running collector", () => {
  test("answers the three documented requests word for word", async () => {
    const stored = await fetch(`${collector.url}/api/metrics/event`, {
      method: "POST",
      headers: JSON_TYPE,
      body: '{"visitor_id":"smoke-test","event":"page_view","metadata":{}}',
    });
    expect(stored.status).toBe(202);
    const { file, ...answer } = await jsonOf<EventAnswer>(stored);
    expect(answer).toEqual({ ok: true, stored: 1 });
    expect(existsSync(join(dataDir, file))).toBe(true);

    const behavior = await fetch(`${collector.url}/api/metrics/behavior?limit=5`);
    const { total, by_event, last_events } = await jsonOf<Snapshot>(behavior);
    expect(total).toBe(1);
    expect(by_event).toEqual([{ event: "page_view", count: 1, estimate: 1 }]);
    expect(last_events).toEqual([expect.objectContaining({ event: "page_view", visitor_id: "smoke-test" })]);

    const health = await (await fetch(`${collector.url}/api/metrics/health`)).json();
    expect(health).toMatchObject({ status: "healthy", ring_size: 1, file, file_exists: true });
  });

  test("does not send `Expect` or a lower-case header astray: any HTTP client may post", async () => {
    const body = '{"event":"raw","id":"raw-1"}';
    const head = `POST /api/metrics/event HTTP/1.1\r\nhost: 127.0.0.1\r\nexpect: 100-continue\r\ncontent-type: text/plain\r\n`;
    const answer = await exchange(`${head}content-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`);
    expect(answer).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 202 /);
  });

  test("lives through bodies that stop half-way, and none of them leaves a part of a line", async () => {
    const before = readDataFolder(dataDir).length;
    for (const half of HALF_REQUESTS) {
      for (const route of ["event", "events"]) await hangUpAfter(`${headOf(route)}${half}`);
    }
    const answer = await fetch(`${collector.url}/api/metrics/event`, {
      method: "POST",
      headers: JSON_TYPE,
      body: '{"event":"x"}',
    });
    expect(answer.status).toBe(202);
    expect(readDataFolder(dataDir)).toHaveLength(before + 1);
    expect(readdirSync(dataDir).filter((name) => name.endsWith(".torn"))).toEqual([]);
    // None is waited for either: what asks is the one request in progress.
    const metrics = async () => (await fetch(`${collector.url}/metrics`)).text();
    await vi.waitFor(async () => expect(await metrics()).toContain("\nhttp_requests_in_progress 1\n"));
    expect(collector.process.exitCode).toBeNull();
  });

  test("answers a chunked body that is too large with 413 and hangs up", async () => {
    const chunk = `1000\r\n${"x".repeat(0x1000)}\r\n`;
    for (let round = 0; round < 5; round++) {
      const answer = await exchange(
        `${headOf("events")}Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(17)}0\r\n\r\n`,
      );
      expect(answer).toMatch(/^HTTP\/1\.1 413 /);
      expect(answer.toLowerCase()).toContain("connection: close");
      expect(answer).toContain('{"ok":false,"error":"too_large"}');
    }
  });

  test("answers a body that is told to be too large before it has come", async () => {
    const answer = await exchange(`${headOf("event")}Content-Length: 10000000\r\n\r\n{`);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  });

  test("refuses what is no HTTP, and lives on", async () => {
    expect(await exchange("\u0016\u0003\u0001\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 /);
    expect(await exchange(`GET / HTTP/1.1\r\nHost: x\r\nX: ${"x".repeat(16_500)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
    expect((await fetch(`${collector.url}/livez`)).status).toBe(200);
  });

  test("has logged no address, no user agent and no path with a query", async () => {
    await fetch(`${collector.url}/api/metrics/s3cret?q=s3cret`, { headers: { "User-Agent": "s3cret-agent" } });
    await vi.waitFor(() => expect(collector.output()).toMatch(/"route":"unmatched".*\n/));
    const lines = collector.output().trim().split("\n");
    for (const line of lines) {
      const { host, ...rest } = JSON.parse(line);
      expect(JSON.stringify(rest)).not.toMatch(/s3cret|127\.0\.0\.1|node|undici/);
    }
  });
});

function headOf(route: string): string {
  return `POST /api/metrics/${route} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n`;
}

async function connect() {
  const socket = createConnection({ host: "127.0.0.1", port: Number(new URL(collector.url).port) });
  await once(socket, "connect");
  return socket;
}

/** Sends this and no more, waits until it has been read, and is gone. */
async function hangUpAfter(text: string): Promise<void> {
  const socket = await connect();
  socket.write(text);
  await new Promise((resolve) => setTimeout(resolve, 20));
  socket.resetAndDestroy();
  await once(socket, "close");
}

/** Sends this and gathers what comes back until the collector hangs up. */
async function exchange(text: string): Promise<string> {
  const socket = await connect();
  let answer = "";
  socket.on("data", (chunk) => {
    answer += chunk;
  });
  // The collector may hang up while this is still sending.
  socket.on("error", () => {});
  const closed = new Promise((resolve) => socket.once("close", resolve));
  socket.write(text);
  await closed;
  return answer;
}
