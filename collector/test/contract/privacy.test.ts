import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { HttpBindings } from "@hono/node-server";
import { expect, test } from "vitest";
import { createTestCollector } from "../create-test-collector.ts";

const ADDRESS = "203.0.113.77";
const FORWARDED = "198.51.100.88";
const SECRET = "s3cretValue";

const HEADERS = {
  "User-Agent": `Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0.7777.88 Safari/537.36 ${SECRET}`,
  "X-Forwarded-For": `${FORWARDED}, 10.0.0.9`,
  "X-Real-IP": FORWARDED,
  Cookie: `session=${SECRET}`,
  Referer: `https://shop.example/?q=${SECRET}`,
  "Accept-Language": "de-CH",
};

const ENV = { incoming: { socket: { remoteAddress: ADDRESS }, readableDidRead: true } } as unknown as HttpBindings;

const BODIES = [
  {
    event: "good",
    url: `https://shop.example/p?q=${SECRET}#${SECRET}`,
    referrer: `https://u:${SECRET}@x.example/?q=${SECRET}`,
  },
  { event: "app", url: `file:///home/${SECRET}`, referrer: `data:text/html,${SECRET}` },
  { event: "cookieless", visitor_id: "" },
  { event: SECRET.repeat(20) },
  { event: "x", ts: SECRET, url: 5, viewport: SECRET },
  { event: "old", ts: 0, url: `/?${SECRET}` },
  { event: "keys", sent_at: SECRET },
  SECRET,
  `{"event":"${SECRET}`,
];

test("no address, user agent or query string is left anywhere after hostile traffic", async () => {
  const { app, dataDir, logLines, get } = await createTestCollector({
    trustedProxies: ["203.0.113.0/24", "10.0.0.0/8"],
  });
  const answers: string[] = [];
  for (const path of [`/api/metrics/event?${SECRET}`, `/api/metrics/events?q=${SECRET}`, `/${SECRET}?${SECRET}`]) {
    for (const body of BODIES) {
      for (const type of ["application/json", `text/${SECRET}`]) {
        const request = (text: string) => ({
          method: "POST",
          headers: { ...HEADERS, "Content-Type": type },
          body: text,
        });
        const text =
          typeof body === "string" ? body : JSON.stringify(path.includes("events") ? { events: [body] } : body);
        const answer = await app.request(path, request(text), ENV);
        answers.push(await answer.text(), ...[...answer.headers].flat());
      }
    }
  }
  for (const origin of [`https://${SECRET}.example`, "null"]) {
    const answer = await app.request(
      "/api/metrics/event",
      { method: "POST", headers: { ...HEADERS, Origin: origin } },
      ENV,
    );
    answers.push(await answer.text());
  }
  await app.request("/api/metrics/event", { method: SECRET, headers: { "X-Request-Id": `${SECRET} ${ADDRESS}` } }, ENV);

  const files = readdirSync(dataDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => `${name}\n${readFileSync(join(parentPath, name), "utf8")}`);
  const metrics = await (await get("/metrics")).text();
  expect(files.join()).toContain('"event":"good"');
  expect(logLines.length).toBeGreaterThan(30);
  expect(answers.length).toBeGreaterThan(50);
  for (const text of [...files, ...logLines, ...answers, metrics]) {
    for (const trace of [ADDRESS, FORWARDED, SECRET, "0.7777.88", "Mozilla", "X11", "Safari/537"]) {
      expect(text).not.toContain(trace);
    }
  }
  for (const text of [...logLines, ...answers, metrics]) expect(text).not.toContain("shop.example");
});

test("a visitor without an id is one visitor today, though nothing of where it came from is kept", async () => {
  const { app, dataDir } = await createTestCollector();
  for (const event of ["one", "two"]) {
    const init = {
      method: "POST",
      headers: { ...HEADERS, "Content-Type": "text/plain" },
      body: JSON.stringify({ event }),
    };
    await app.request("/api/metrics/event", init, ENV);
  }
  const lines = readFileSync(join(dataDir, "metrics.jsonl"), "utf8").trim().split("\n");
  const visitors = lines.map((line) => JSON.parse(line).visitor_id);
  expect(new Set(visitors).size).toBe(1);
  expect(visitors[0]).toMatch(/^[0-9a-f]{32}$/);
  expect(lines.map((line) => JSON.parse(line).device)).toEqual([
    { type: "desktop", browser: "Chrome 156", os: "Linux" },
    { type: "desktop", browser: "Chrome 156", os: "Linux" },
  ]);
});

test("a correlation id ties the answer to the log line, and is taken over only where it is harmless", async () => {
  const { post, logLines } = await createTestCollector();
  const given = await post("/event", "{", { "X-Request-Id": "trace-0123456789" });
  expect(given.headers.get("X-Request-Id")).toBe("trace-0123456789");
  const made = await post("/event", "{");
  expect(made.headers.get("X-Request-Id")).toMatch(/^[0-9a-f-]{36}$/);
  for (const hostile of ["short", "x".repeat(65), 'a"b-0123456', "a b c d e f g", "<script>alert(1)"]) {
    const answer = await post("/event", "{", { "X-Request-Id": hostile });
    expect(answer.headers.get("X-Request-Id")).not.toBe(hostile);
  }
  const logged = logLines.map((line) => JSON.parse(line));
  expect(logged[0]).toMatchObject({
    request_id: "trace-0123456789",
    method: "POST",
    route: "/api/metrics/event",
    status: 400,
    error: "invalid_json",
    msg: "request",
  });
  expect(logged[1]).toMatchObject({ request_id: made.headers.get("X-Request-Id") });
  expect(logged).toHaveLength(7);
});
