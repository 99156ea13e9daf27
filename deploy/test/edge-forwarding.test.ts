import { once } from "node:events";
import { createServer, get, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { describe, expect, it, onTestFinished } from "vitest";
import { findNginx } from "./find-nginx.ts";
import { send } from "./send.ts";
import { type Edge, type EdgeOptions, startEdge } from "./start-edge.ts";

const nginx = findNginx();
const TRUSTING = "set_real_ip_from 127.0.0.0/8; real_ip_header X-Forwarded-For; real_ip_recursive on;";

describe.skipIf(!nginx)("what passes the edge", () => {
  it("replaces X-Forwarded-For with the network of the sender and drops what else identifies", async () => {
    const upstream = await recordingServer();
    const edge = await edgeFor({ upstream: upstream.address });
    const identifying = {
      "X-Forwarded-For": "203.0.113.77",
      "X-Real-IP": "203.0.113.77",
      Forwarded: "for=203.0.113.77",
      "CF-Connecting-IP": "203.0.113.77",
      "True-Client-IP": "203.0.113.77",
      Cookie: "session=203.0.113.77",
    };
    await send(edge, "/api/metrics/behavior", {
      from: "127.0.5.9",
      headers: { ...identifying, Host: "stats.example:8443" },
    });

    const [seen] = upstream.requests;
    expect(seen?.headers["x-forwarded-for"]).toBe("127.0.5.0");
    expect(seen?.headers["x-request-id"]).toMatch(/^[0-9a-f]{32}$/);
    expect(seen?.headers.host).toBe("stats.example:8443");
    expect(JSON.stringify(seen?.headers)).not.toMatch(/203\.0\.113|127\.0\.5\.9|session/);
  });

  it.each([
    ["203.0.113.77", "203.0.113.0"],
    ["::ffff:203.0.113.77", "203.0.113.0"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1::"],
    ["2001:db8::6", "2001:db8::"],
    ["2001::6", "2001::"],
    ["64:ff9b::203.0.113.77", "64:ff9b::"],
    ["::1", "::"],
    ["198.51.100.1, 203.0.113.77", "203.0.113.0"],
    ["not an address", "127.0.0.0"],
  ])("cuts %s of a trusted proxy down to %s", async (claimed, network) => {
    const upstream = await recordingServer();
    const edge = await edgeFor({ upstream: upstream.address, realIp: TRUSTING });
    await send(edge, "/api/metrics/behavior", { headers: { "X-Forwarded-For": claimed } });
    await edge.stop();

    expect(upstream.requests[0]?.headers["x-forwarded-for"]).toBe(network);
    expect(edge.accessLog().map((line) => JSON.parse(line).network)).toEqual([network]);
  });

  it("hands a compressed body on as it came", async () => {
    const upstream = await recordingServer();
    const edge = await edgeFor({ upstream: upstream.address });
    const body = gzipSync(JSON.stringify({ event: "page_view" }));
    await send(edge, "/api/metrics/event", { method: "POST", body, headers: { "Content-Encoding": "gzip" } });

    expect(upstream.requests[0]?.headers["content-encoding"]).toBe("gzip");
    expect(upstream.requests[0]?.body.equals(body)).toBe(true);
  });

  it("stops a body over 64 KiB before the collector, with and without its length said in advance", async () => {
    const upstream = await recordingServer();
    const edge = await edgeFor({ upstream: upstream.address });
    const over = "x".repeat(65_537);
    const said = await send(edge, "/api/metrics/event", { method: "POST", body: over });
    const chunked = await send(edge, "/api/metrics/event", {
      method: "POST",
      body: over,
      headers: { "Transfer-Encoding": "chunked" },
    });
    expect([said.status, chunked.status]).toEqual([413, 413]);
    expect(upstream.requests).toEqual([]);
  });

  it("keeps one connection to the collector for requests one after the other", async () => {
    const upstream = await recordingServer();
    const edge = await edgeFor({ upstream: upstream.address });
    for (let count = 0; count < 8; count += 1) await send(edge, "/api/metrics/behavior");
    expect(upstream.requests).toHaveLength(8);
    // One for each of the two workers, at most.
    expect(upstream.connections()).toBeLessThanOrEqual(2);
  });

  it("sends an event once, even where the connection breaks before the answer", async () => {
    const upstream = await recordingServer((_, answer) => answer.socket?.destroy());
    const edge = await edgeFor({ upstream: upstream.address });
    const answer = await send(edge, "/api/metrics/event", { method: "POST", body: "{}" });
    expect(answer.status).toBe(503);
    expect(upstream.requests).toHaveLength(1);
  });

  it("leaves a 503 of the collector as it is", async () => {
    const refusal = '{"ok":false,"error":"unavailable","retry_after":30}';
    const upstream = await recordingServer((_, answer) => answer.writeHead(503, { "Retry-After": "30" }).end(refusal));
    const edge = await edgeFor({ upstream: upstream.address });
    const answer = await send(edge, "/api/metrics/event", { method: "POST", body: "{}" });
    expect(answer.status).toBe(503);
    expect(answer.all("Retry-After")).toEqual(["30"]);
    expect(answer.body).toBe(refusal);
    expect(answer.all("Access-Control-Allow-Origin")).toEqual([]);
  });

  it("hands on live events as they come", async () => {
    const upstream = await recordingServer(async (_, answer) => {
      // A body that ends with its connection is what nginx would hold back for longest.
      answer.useChunkedEncodingByDefault = false;
      answer.writeHead(200, { "Content-Type": "text/event-stream" }).write("data: first\n\n");
      await sleep(100);
      answer.write("data: second\n\n");
      await sleep(1500);
      answer.end();
    });
    const edge = await edgeFor({ upstream: upstream.address });
    const startedAt = performance.now();
    const asked = get({ host: edge.host, port: edge.port, path: "/api/metrics/stream", agent: false });
    const [stream] = await once(asked, "response");
    const received = [String(await once(stream, "data")), String(await once(stream, "data"))];
    expect(performance.now() - startedAt).toBeLessThan(1200);
    expect(received).toEqual(["data: first\n\n", "data: second\n\n"]);
    asked.destroy();
  }, 10_000);

  it.each([
    "/tallymark.js",
    "/tallymark.0.1.0.js",
    "/tallymark.1.0.0-beta.2.js",
    "/tallymark-dev.js",
    "/tallymark-vitals.0a1b2c3d.js",
  ])("serves %s compressed, with the collector's caching", async (path) => {
    const code = "console.log(1);".repeat(100);
    const headers = { "Content-Type": "text/javascript; charset=utf-8", "Cache-Control": "public, max-age=3600" };
    const upstream = await recordingServer((_, answer) => answer.writeHead(200, headers).end(code));
    const edge = await edgeFor({ upstream: upstream.address });
    const answer = await send(edge, path, { headers: { "Accept-Encoding": "gzip" } });
    expect(answer.status).toBe(200);
    expect(answer.headers["content-encoding"]).toBe("gzip");
    expect(answer.headers["cache-control"]).toBe("public, max-age=3600");
    expect(answer.all("X-Content-Type-Options")).toEqual(["nosniff"]);
  });

  it("writes no address and no query string even where nginx has something critical to report", async () => {
    // A socket that is not there is `crit` to nginx, with the client's address and the whole request line.
    const edge = await edgeFor({ upstream: `unix:${join(tmpdir(), "tallymark-no-such.sock")}` });
    const answer = await send(edge, "/api/metrics/behavior?secret=QUERY", { from: "127.0.5.9" });
    await edge.stop();
    expect(answer.status).toBe(503);
    expect(edge.logs()["error.log"]).toBe("");
  });

  async function edgeFor(options: EdgeOptions): Promise<Edge> {
    const edge = await startEdge(nginx ?? "", options);
    onTestFinished(edge.stop);
    return edge;
  }
});

interface SeenRequest {
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

/** Stands where the collector would, and remembers what reached it. */
async function recordingServer(
  respond: (request: IncomingMessage, answer: ServerResponse) => unknown = (_, answer) => answer.end("{}"),
) {
  const requests: SeenRequest[] = [];
  let connections = 0;
  const server = createServer(async (request, answer) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    requests.push({ headers: request.headers, body: Buffer.concat(chunks) });
    await respond(request, answer);
  });
  server.on("connection", () => {
    connections += 1;
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, requests, connections: () => connections };
}
