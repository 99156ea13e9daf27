import { once } from "node:events";
import { createServer, request as httpRequest } from "node:http";
import { createConnection } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { createTestCollector } from "../create-test-collector.ts";
import { diskError, fileHandlePrototype } from "../file-handle-prototype.ts";
import { readDataFolder } from "../read-data-folder.ts";
import { watchWrites } from "../watch-writes.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const PAGE = { Origin: "http://localhost:5173" };
const GOOD = { event: "x", id: "one", title: "é\u2028", url: "https://a.example/p?q=1", newer: 1 };

const REQUESTS: readonly (readonly [
  title: string,
  body: string | Buffer,
  headers?: { readonly [name: string]: string },
])[] = [
  ["what is good", JSON.stringify({ ...GOOD, events: [GOOD, GOOD, { event: "9" }, { event: "x", id: "two", ts: 0 }] })],
  ["what comes from a page", JSON.stringify({ event: "x", id: "one", events: [] }), PAGE],
  ["what comes from elsewhere", JSON.stringify(GOOD), { Origin: "https://evil.example" }],
  ["what comes with a correlation id", "{", { ...PAGE, "X-Request-Id": "correlation-1" }],
  ["what is no JSON", "[".repeat(1000)],
  ["what is no object", '"text"', PAGE],
  ["what breaks the envelope's rules", JSON.stringify({ ...GOOD, events: [GOOD], sent_at: "now" })],
  ["what is empty", ""],
  ["what is compressed", gzipSync(JSON.stringify({ ...GOOD, events: [GOOD] })), { "Content-Encoding": "gzip" }],
  ["what only says that it is compressed", "{}", { "Content-Encoding": "gzip" }],
  ["what is encoded otherwise", "{}", { "Content-Encoding": "br" }],
  ["what is of another type", "{}", { "Content-Type": "text/html" }],
  ["what is too large", JSON.stringify({ event: "x", title: "x".repeat(70_000) }), PAGE],
  ["what explodes", gzipSync(Buffer.alloc(10_000_000, " ")), { ...PAGE, "Content-Encoding": "gzip" }],
];

/** A collector behind `node:http`, by its listener. */
async function serve() {
  const { collector, dataDir, logLines } = await createTestCollector();
  const server = createServer(collector.listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close().closeAllConnections());
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return { collector, dataDir, logLines, port };
}

/** Posts by hand, because `fetch` may not set `Origin` and `Host`. */
async function post(port: number, path: string, body: string | Buffer, headers: { readonly [name: string]: string }) {
  const outgoing = httpRequest({ port, host: "127.0.0.1", path, method: "POST", headers: { ...headers } });
  outgoing.on("error", () => {});
  outgoing.end(body);
  const [incoming] = await once(outgoing, "response");
  let text = "";
  for await (const chunk of incoming) text += chunk;
  return { status: incoming.statusCode, headers: told(Object.entries(incoming.headers)), text };
}

/** What the collector says of itself in the headers, the connection's own aside; a made-up id is only there. */
function told(headers: Iterable<[string, unknown]>) {
  const transport = ["date", "keep-alive", "content-length", "transfer-encoding"];
  return Object.fromEntries(
    [...headers]
      .filter(([name, value]) => !transport.includes(name) && value !== "keep-alive")
      .map(([name, value]) => [name, name === "x-request-id" && value !== "correlation-1" ? "made up" : value]),
  );
}

describe.each(["/api/metrics/event", "/api/metrics/events"])("the short way to %s", (path) => {
  const posts = REQUESTS.map(([title, body, given = {}]) => ({ title, body, given }));
  test.each(posts)("answers $title as the app does", async ({ body, given }) => {
    const headers = { Host: "stats.example", "Content-Type": "application/json", ...given };
    const { port, dataDir } = await serve();
    const short = await post(port, path, body, headers);

    const long = await createTestCollector();
    const init = { method: "POST", headers, body: typeof body === "string" ? body : new Uint8Array(body) };
    const answer = await long.app.request(`http://stats.example${path}`, init);
    expect(short).toEqual({ status: answer.status, headers: told(answer.headers), text: await answer.text() });
    const withoutMadeUp = (folder: string) => readDataFolder(folder).map(({ id, visitor_id, ...event }) => event);
    expect(withoutMadeUp(dataDir)).toEqual(withoutMadeUp(long.dataDir));
  });

  test("answers as the app does while nothing can be stored, and while it drains", async () => {
    const { port, collector } = await serve();
    const headers = { Host: "stats.example", "Content-Type": "text/plain", ...PAGE };
    const body = JSON.stringify({ event: "x", events: [{ event: "x" }] });
    const both = async () => {
      const answer = await collector.app.request(path, { method: "POST", headers, body });
      const short = await post(port, path, body, headers);
      expect(short).toEqual({ status: 503, headers: told(answer.headers), text: await answer.text() });
      return short;
    };
    vi.spyOn(await fileHandlePrototype(), "write").mockRejectedValue(diskError("ENOSPC"));
    expect((await both()).headers).toMatchObject({ "retry-after": "5" });
    collector.drain();
    expect((await both()).headers).toMatchObject({ "retry-after": "5", connection: "close" });
  });
});

test("what is no post of events goes to the app", async () => {
  const { port } = await serve();
  const statusOf = async (path: string, method = "GET") =>
    (await fetch(`http://127.0.0.1:${port}${path}`, { method })).status;
  expect(await statusOf("/livez")).toBe(200);
  expect(await statusOf("/api/metrics/event")).toBe(404);
  expect(await statusOf("/api/metrics/event", "PUT")).toBe(404);
  expect(await statusOf("/api/metrics/event?x", "POST")).toBe(415);
  expect(await statusOf("/api/metrics/event/", "POST")).toBe(404);
});

test("a request of the short way is counted and logged like any other", async () => {
  const { port, collector, logLines } = await serve();
  await post(port, "/api/metrics/event", "{", { "Content-Type": "text/plain", "X-Request-Id": "correlation-1" });
  const metrics = await (await collector.app.request("http://127.0.0.1/metrics")).text();
  expect(metrics).toMatch(/^http_requests_total\{method="POST",route="\/api\/metrics\/event",status="400"\} 1$/m);
  expect(metrics).toMatch(/^http_errors_total\{type="invalid_json"\} 1$/m);
  expect(JSON.parse(logLines.find((line) => line.includes("correlation-1")) ?? "{}")).toMatchObject({
    request_id: "correlation-1",
    method: "POST",
    route: "/api/metrics/event",
    status: 400,
    error: "invalid_json",
  });
});

test("who hangs up before the answer harms nobody, and what was sent is stored", async () => {
  const { port, dataDir } = await serve();
  const { write, hold } = await watchWrites();
  const release = hold();
  const socket = createConnection({ port, host: "127.0.0.1" });
  const body = '{"event":"x","id":"gone"}';
  socket.write(
    `POST /api/metrics/event HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
  await vi.waitFor(() => expect(write).toHaveBeenCalled());
  socket.resetAndDestroy();
  await new Promise((resolve) => setTimeout(resolve, 50));
  release();
  write.mockRestore();
  const { status } = await post(port, "/api/metrics/event", '{"event":"x","id":"next"}', {
    "Content-Type": "text/plain",
  });
  expect(status).toBe(202);
  expect(readDataFolder(dataDir).map(({ id }) => id)).toEqual(["gone", "next"]);
});
