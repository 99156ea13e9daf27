import { once } from "node:events";
import { createConnection } from "node:net";
import { join } from "node:path";
import type { EventAnswer, Snapshot } from "@tallymark/sdk/protocol";
import { describe, expect, test, vi } from "vitest";
import { startCollector } from "../collector-process.ts";
import { jsonOf } from "../json-of.ts";
import { readDataFolder } from "../read-data-folder.ts";
import { tempFolder } from "../temp-folder.ts";

const JSON_TYPE = { "Content-Type": "application/json" };

/** Posts one event after the other until it is refused, and returns the ids that were acknowledged. */
async function postUntilRefused(url: string, name: string) {
  const acknowledged: string[] = [];
  for (let n = 0; ; n++) {
    const id = `${name}-${n}`;
    const body = JSON.stringify({ event: "load", id });
    const answer = await fetch(`${url}/api/metrics/event`, { method: "POST", headers: JSON_TYPE, body }).catch(
      () => undefined,
    );
    await answer?.arrayBuffer();
    if (answer?.status !== 202) {
      return { acknowledged, status: answer?.status, connection: answer?.headers.get("connection") };
    }
    acknowledged.push(id);
  }
}

describe("SIGTERM", () => {
  test("under load loses nothing that was acknowledged, and the process is gone at once", async () => {
    const dataDir = tempFolder();
    const { url, stop, output } = await startCollector({ METRICS_JSONL: join(dataDir, "metrics.jsonl") });
    const posters = Array.from({ length: 8 }, (_, n) => postUntilRefused(url, `poster-${n}`));
    await new Promise((resolve) => setTimeout(resolve, 500));
    const signalledAt = performance.now();
    expect(await stop("SIGTERM")).toBe(0);
    expect(performance.now() - signalledAt).toBeLessThan(3500);

    const results = await Promise.all(posters);
    for (const { status, connection } of results) {
      expect([503, undefined]).toContain(status);
      if (status === 503) expect(connection).toBe("close");
    }
    const acknowledged = results.flatMap(({ acknowledged }) => acknowledged);
    expect(acknowledged.length).toBeGreaterThan(posters.length);
    const stored = readDataFolder(dataDir).map(({ id }) => id);
    expect(new Set(stored).size).toBe(stored.length);
    expect(acknowledged.filter((id) => !stored.includes(id))).toEqual([]);
    expect(output()).toContain('"msg":"stopped"');
  });

  test("lets a request under way finish, and refuses the next one on the same connection", async () => {
    const dataDir = tempFolder();
    const { url, stop, output } = await startCollector({ METRICS_JSONL: join(dataDir, "metrics.jsonl") });
    const socket = createConnection({ host: "127.0.0.1", port: Number(new URL(url).port) });
    let answers = "";
    socket.on("data", (chunk) => {
      answers += chunk;
    });
    const request = (body: string) =>
      `POST /api/metrics/event HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const whole = request('{"event":"under_way"}');
    const rest = whole.slice(-5);
    socket.write(whole.slice(0, -rest.length));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const stopped = stop("SIGTERM");
    await vi.waitFor(() => expect(output()).toContain("draining"));
    socket.write(rest + request('{"event":"too_late"}'));
    expect(await stopped).toBe(0);
    const [first = "", second = ""] = answers.split(/(?=HTTP\/1\.1)/);
    expect(first).toMatch(/^HTTP\/1\.1 202 /);
    expect(second).toMatch(/^HTTP\/1\.1 503 /);
    expect(second).toMatch(/^connection: close\r$/im);
    expect(second).toMatch(/^retry-after: 5\r$/im);
    expect(readDataFolder(dataDir).map(({ event }) => event)).toEqual(["under_way"]);
  });

  test("does not wait for connections that have nothing to say", async () => {
    const { url, stop } = await startCollector({ METRICS_JSONL: join(tempFolder(), "metrics.jsonl") });
    await (await fetch(`${url}/livez`)).text();
    const signalledAt = performance.now();
    expect(await stop("SIGTERM")).toBe(0);
    expect(performance.now() - signalledAt).toBeLessThan(1500);
  });

  test("cuts off a body that does not end, and stops in time all the same", async () => {
    const dataDir = tempFolder();
    const { url, stop } = await startCollector({ METRICS_JSONL: join(dataDir, "metrics.jsonl") });
    const socket = createConnection({ host: "127.0.0.1", port: Number(new URL(url).port) });
    await once(socket, "connect");
    socket.on("error", () => {});
    socket.write(
      'POST /api/metrics/event HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 99\r\n\r\n{"event":',
    );
    const signalledAt = performance.now();
    expect(await stop("SIGTERM")).toBe(0);
    expect(performance.now() - signalledAt).toBeLessThan(5000);
    expect(readDataFolder(dataDir)).toEqual([]);
    socket.destroy();
  });
});

describe("a restart", () => {
  test("fills the ring again and takes a retry for what it is, also after the file has rolled over", async () => {
    const dataDir = tempFolder();
    const env = { METRICS_JSONL: join(dataDir, "metrics.jsonl"), METRICS_MAX_MB: "0.001" };
    const post = async (url: string, id: string) => {
      const body = JSON.stringify({ event: "x", id, title: "x".repeat(250) });
      const answer = await fetch(`${url}/api/metrics/event`, { method: "POST", headers: JSON_TYPE, body });
      return (await jsonOf<EventAnswer>(answer)).stored;
    };
    const first = await startCollector(env);
    for (const id of ["a", "b", "c", "d"]) expect(await post(first.url, id)).toBe(1);
    expect(await first.stop()).toBe(0);

    const second = await startCollector(env);
    const { total, last_events } = await jsonOf<Snapshot>(await fetch(`${second.url}/api/metrics/behavior`));
    expect(total).toBe(4);
    expect(last_events.map(({ id }) => id)).toEqual(["d", "c", "b", "a"]);
    expect(await post(second.url, "a")).toBe(0);
    expect(await post(second.url, "e")).toBe(1);
    expect(await second.stop()).toBe(0);
    expect(
      readDataFolder(dataDir)
        .map(({ id }) => id)
        .sort(),
    ).toEqual(["a", "b", "c", "d", "e"]);
  });
});
