import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { ErasureAnswer, Snapshot } from "@tallymark/sdk/protocol";
import { describe, expect, it } from "vitest";
import { gzipFile } from "../../src/rotate/gzip-file.ts";
import { createTestCollector, FILE } from "../create-test-collector.ts";
import { jsonOf } from "../json-of.ts";

/** In the form of the SDK's ids. */
const ANNA = "3141592653-589793238-4626433832-795028841";
const BERT = "2718281828-459045235-3602874713-526624977";
const SESSION = "1414213562-373095048-8016887242-969807856";

const READ_TOKEN = "a-token-of-the-tests";
const READER = { Authorization: `Bearer ${READ_TOKEN}` };

/** Every name under the folder whose file holds the text, as grep sees it. */
function grep(text: string, dataDir: string): string {
  try {
    return execFileSync("grep", ["-rl", "--", text, dataDir], { encoding: "utf8" });
  } catch {
    return "";
  }
}

async function collectorWithToken() {
  const test = await createTestCollector({ readToken: READ_TOKEN });
  const request = (method: string, path: string, headers: { readonly [name: string]: string } = READER) =>
    test.app.request(`http://127.0.0.1:8787/api/metrics${path}`, { method, headers });
  const send = async (visitor_id: string, more: object = {}) => {
    const answer = await test.post("/event", { event: "page_view", visitor_id, ...more });
    return answer.status;
  };
  return { ...test, request, send };
}

describe("GET /api/metrics/visitors/:id", () => {
  it("streams the visitor's lines as they are stored, oldest first, from every file", async () => {
    const { dataDir, request, send } = await collectorWithToken();
    const old = (id: string, visitor_id: string) => `${JSON.stringify({ id, event: "old", visitor_id })}\n`;
    writeFileSync(join(dataDir, "metrics-2026-11-18.jsonl"), old("1", ANNA) + old("2", BERT));
    await gzipFile(join(dataDir, "metrics-2026-11-18.jsonl"));
    writeFileSync(join(dataDir, "metrics-2026-11-19.jsonl"), old("3", BERT) + old("4", ANNA));
    writeFileSync(join(dataDir, "metrics.jsonl.old"), old("0", ANNA));
    await send(ANNA, { id: "5" });
    await send(BERT, { id: "6" });

    const answer = await request("GET", `/visitors/${ANNA}`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("application/x-ndjson");
    expect(answer.headers.get("cache-control")).toBe("no-store");
    const text = await answer.text();
    const lines = text.split("\n").slice(0, -1);
    expect(lines.map((line) => JSON.parse(line).id)).toEqual(["0", "1", "4", "5"]);
    expect(readFileSync(join(dataDir, FILE), "utf8")).toContain(`${lines[3]}\n`);
  });

  it("answers nothing at all for a visitor who is not there", async () => {
    const { request, send } = await collectorWithToken();
    await send(`${ANNA}0`, { title: ANNA });
    const answer = await request("GET", `/visitors/${ANNA}`);
    expect([answer.status, await answer.text()]).toEqual([200, ""]);
  });

  it("finds a visit by its session", async () => {
    const { request, send } = await collectorWithToken();
    await send(ANNA, { id: "a", session_id: SESSION });
    await send(ANNA, { id: "b" });
    const answer = await request("GET", `/visitors/${SESSION}`);
    expect((await answer.text()).match(/"id":"\w"/g)).toEqual(['"id":"a"']);
  });

  it.each(["..%2F..%2Fetc", "%00", "a.*", "x".repeat(65), "%F0%9F%98%80"])("refuses %s, which is no id", async (id) => {
    const { request } = await collectorWithToken();
    for (const method of ["GET", "DELETE"]) {
      const answer = await request(method, `/visitors/${id}`);
      expect(answer.status).toBe(400);
      expect(await jsonOf(answer)).toMatchObject({ ok: false, error: "invalid_event", issues: [{ path: "id" }] });
    }
  });

  it("is for those who may read", async () => {
    const { request } = await collectorWithToken();
    for (const [method, path] of [
      ["GET", `/visitors/${ANNA}`],
      ["DELETE", `/visitors/${ANNA}`],
      ["GET", "/erasures/x"],
    ] as const) {
      expect((await request(method, path, {})).status).toBe(401);
    }
  });
});

describe("DELETE /api/metrics/visitors/:id", () => {
  it("leaves nothing of the visitor anywhere, and every other line as it was", async () => {
    const { dataDir, request, send, get } = await collectorWithToken();
    const line = (id: string, visitor_id: string, more: object = {}) =>
      `${JSON.stringify({ id, event: "old", visitor_id, ...more })}\n`;
    const others = line("2", BERT) + line("3", "__proto__") + line("4", `${ANNA}0`);
    writeFileSync(join(dataDir, "metrics-2026-11-18.jsonl"), line("1", ANNA) + others);
    await gzipFile(join(dataDir, "metrics-2026-11-18.jsonl"));
    writeFileSync(join(dataDir, "metrics-2026-11-19.jsonl"), others + line("5", "x", { session_id: ANNA }));
    writeFileSync(join(dataDir, "metrics-2026-11-19.jsonl.torn"), line("7", ANNA).slice(0, -2));
    writeFileSync(join(dataDir, "metrics.jsonl.old"), line("8", ANNA) + others);
    execFileSync("sh", [
      "-c",
      `printf '%s' '${line("9", ANNA)}' | gzip > ${join(dataDir, "metrics-2026-11-17.jsonl.gz")}`,
    ]);
    await send(ANNA);
    await send(BERT, { id: "10" });
    await send(ANNA);

    const answer = await request("DELETE", `/visitors/${ANNA}`);
    expect(answer.status).toBe(200);
    const { receipt, ...rest } = await jsonOf<ErasureAnswer>(answer);
    expect(rest).toEqual({ ok: true, status: "done", erased: { ring: 2, files: 6, events: 7, redacted: 0 } });

    const gunzip = (name: string) => gunzipSync(readFileSync(join(dataDir, name))).toString();
    expect(gunzip("metrics-2026-11-18.jsonl.gz")).toBe(others);
    expect(gunzip("metrics-2026-11-17.jsonl.gz")).toBe("");
    expect(readFileSync(join(dataDir, "metrics-2026-11-19.jsonl"), "utf8")).toBe(others);
    expect(readFileSync(join(dataDir, "metrics.jsonl.old"), "utf8")).toBe(others);
    expect(grep(`"${ANNA}"`, dataDir)).toBe("");
    const ring = await jsonOf<Snapshot>(await get("/api/metrics/behavior", READER));
    expect(ring.last_events.map(({ id }) => id)).toEqual(["10"]);
    expect(await jsonOf(await request("GET", `/erasures/${receipt}`))).toMatchObject({ receipt, ...rest });
  });

  it("blanks the id where others mention it, and keeps longer ids that hold it", async () => {
    const { dataDir, request, send } = await collectorWithToken();
    await send(BERT, {
      id: "1",
      title: `Hello ${ANNA}!`,
      metadata: { from: ANNA, [`k${ANNA}`]: ["ü\n", `x${ANNA}y`] },
    });
    await send(`${ANNA}7`, { id: "2", metadata: { me: `${ANNA}7` } });
    const answer = await request("DELETE", `/visitors/${ANNA}`);
    expect((await jsonOf<ErasureAnswer>(answer)).erased).toEqual({ ring: 0, files: 1, events: 0, redacted: 1 });
    const [first = "", second = ""] = readFileSync(join(dataDir, FILE), "utf8").split("\n");
    expect(JSON.parse(first)).toMatchObject({
      title: "Hello erased!",
      metadata: { from: "erased", kerased: ["ü\n", "xerasedy"] },
    });
    expect(JSON.parse(second)).toMatchObject({ visitor_id: `${ANNA}7`, metadata: { me: `${ANNA}7` } });
  });

  it("leaves mentions of a short id alone: it could be any word", async () => {
    const { dataDir, request, send } = await collectorWithToken();
    await send("anna", { id: "1" });
    await send("annabel", { id: "2", title: "anna" });
    await request("DELETE", "/visitors/anna");
    const kept = JSON.parse(readFileSync(join(dataDir, FILE), "utf8"));
    expect(kept).toMatchObject({ visitor_id: "annabel", title: "anna" });
  });

  it("refuses what comes of the visitor later, and goes on doing so after a restart", async () => {
    const first = await collectorWithToken();
    await first.send(ANNA);
    await first.request("DELETE", `/visitors/${ANNA}`);
    const late = { event: "x", visitor_id: ANNA };
    const answer = await first.post("/events", { events: [late, { event: "x", visitor_id: BERT, session_id: ANNA }] });
    expect(await jsonOf(answer)).toMatchObject({ accepted: 0, rejected: [{ reason: "erased" }, { reason: "erased" }] });
    await first.collector.close();

    const second = await createTestCollector({ linkPath: join(first.dataDir, "metrics.jsonl") });
    expect((await second.post("/event", late)).status).toBe(400);
    expect((await second.post("/event", { ...late, visitor_id: BERT })).status).toBe(202);
    expect(grep(ANNA, first.dataDir)).toBe("");
  });

  it("erases nothing the second time, and says so", async () => {
    const { request, send } = await collectorWithToken();
    await send(ANNA);
    await request("DELETE", `/visitors/${ANNA}`);
    const again = await jsonOf<ErasureAnswer>(await request("DELETE", `/visitors/${ANNA}`));
    expect(again).toMatchObject({ status: "done", erased: { ring: 0, files: 0, events: 0, redacted: 0 } });
  });

  it("does not close the live file for a visitor who is not in it", async () => {
    const { dataDir, request, send } = await collectorWithToken();
    await send(BERT);
    await request("DELETE", `/visitors/${ANNA}`);
    expect(readdirSync(dataDir).filter((name) => name.endsWith(".jsonl"))).toEqual([FILE, "metrics.jsonl"]);
  });

  it("answers several wishes at once", async () => {
    const { dataDir, request, send } = await collectorWithToken();
    const visitors = Array.from({ length: 40 }, (_, index) => `${BERT}-${index + 10}`);
    for (const visitor of visitors) await send(visitor);
    await send(ANNA);
    const answers = await Promise.all(visitors.map((visitor) => request("DELETE", `/visitors/${visitor}`)));
    for (const answer of answers) {
      expect((await jsonOf<ErasureAnswer>(answer)).erased).toEqual({ ring: 1, files: 1, events: 1, redacted: 0 });
    }
    expect(grep(BERT, dataDir)).toBe("");
  });

  it("tells a browser that readers may send it", async () => {
    const { request } = await collectorWithToken();
    const headers = { Origin: "http://localhost:3000", "Access-Control-Request-Method": "DELETE" };
    const answer = await request("OPTIONS", `/visitors/${ANNA}`, headers);
    expect(answer.status).toBe(204);
    expect(answer.headers.get("access-control-allow-methods")).toContain("DELETE");
  });

  it("keeps the id out of logs, metrics, answers and its own notes", async () => {
    const { dataDir, logLines, request, send, get } = await collectorWithToken();
    await send(ANNA);
    const answer = await request("DELETE", `/visitors/${ANNA}`);
    const metrics = await get("/metrics", READER);
    expect(JSON.stringify([logLines, await answer.text(), await metrics.text()])).not.toContain(ANNA);
    expect(logLines.join("")).toContain("/api/metrics/visitors/:id");
    expect(grep(ANNA, join(dataDir, ".tallymark"))).toBe("");
  });

  it("is tried again where a file is damaged, and says that it is not done", async () => {
    const { dataDir, request, send, logLines } = await collectorWithToken();
    writeFileSync(join(dataDir, "metrics-2026-11-18.jsonl.gz"), "no gzip");
    await send(ANNA);
    const answer = await request("DELETE", `/visitors/${ANNA}`);
    expect(answer.status).toBe(202);
    const { receipt, status, erased } = await jsonOf<ErasureAnswer>(answer);
    expect([status, erased.events]).toEqual(["running", 1]);
    expect(logLines.join("")).toContain('"file":"metrics-2026-11-18.jsonl.gz"');

    rmSync(join(dataDir, "metrics-2026-11-18.jsonl.gz"));
    // Another wish wakes those that wait.
    await request("DELETE", `/visitors/${BERT}`);
    const later = await jsonOf<ErasureAnswer>(await request("GET", `/erasures/${receipt}`));
    expect(later).toMatchObject({ status: "done", erased: { events: 1 } });
  });
});

describe("an erasure that cannot be written down", () => {
  it("is answered 503, and nothing has happened", async () => {
    const { dataDir, request, send } = await collectorWithToken();
    await send(ANNA);
    writeFileSync(join(dataDir, ".tallymark", "erasures"), "a file in the way");
    const answer = await request("DELETE", `/visitors/${ANNA}`);
    expect(answer.status).toBe(503);
    expect(answer.headers.get("retry-after")).toBe("5");
    expect(await jsonOf(answer)).toMatchObject({ ok: false, error: "unavailable" });
    expect(await send(ANNA)).toBe(202);
    rmSync(join(dataDir, ".tallymark", "erasures"));
    expect(await jsonOf(await request("DELETE", `/visitors/${ANNA}`))).toMatchObject({ erased: { events: 2 } });
  });
});

describe("POST /api/metrics/forget", () => {
  it("erases by the ids that the SDK sends, without a token", async () => {
    const { dataDir, post, send } = await collectorWithToken();
    await send(ANNA, { session_id: SESSION });
    await send(BERT);
    const body = JSON.stringify({ visitor_id: ANNA, session_id: SESSION });
    const answer = await post("/forget", body, {
      "Content-Type": "text/plain;charset=UTF-8",
      Origin: "http://localhost:1",
    });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("access-control-allow-origin")).toBe("http://localhost:1");
    expect(await jsonOf(answer)).toMatchObject({ ok: true, erased: { ring: 1, files: 1, events: 1, redacted: 0 } });
    expect(grep(ANNA, dataDir) + grep(SESSION, dataDir)).toBe("");
    expect(grep(BERT, dataDir)).not.toBe("");
  });

  it("touches no line of others, because anybody may send any word as an id", async () => {
    const { dataDir, post, send } = await collectorWithToken();
    await send(BERT, { url: "https://a.example/how-to-write-a-good-test-title" });
    const before = readFileSync(join(dataDir, FILE), "utf8");
    const answer = await post("/forget", { visitor_id: "how-to-write-a-good-test-title" });
    expect(await jsonOf(answer)).toMatchObject({ status: "done", erased: { files: 0, redacted: 0 } });
    expect(readFileSync(join(dataDir, FILE), "utf8")).toBe(before);
  });

  it.each([
    [{ visitor_id: "short" }, "visitor_id"],
    [{ visitor_id: "x".repeat(21) }, "visitor_id"],
    [{ visitor_id: ANNA, session_id: "short" }, "session_id"],
    [{ visitor_id: `${ANNA}/..` }, "visitor_id"],
    [{ visitor_id: [ANNA] }, "visitor_id"],
    [{}, "visitor_id"],
    [[], "visitor_id"],
  ])("refuses %j", async (body, path) => {
    const { post } = await collectorWithToken();
    const answer = await post("/forget", body);
    expect(answer.status).toBe(400);
    expect(await jsonOf(answer)).toMatchObject({ error: "invalid_event", issues: [{ path }] });
  });

  it("takes an id of any length from whoever has the read token", async () => {
    const { dataDir, post, send } = await collectorWithToken();
    await send("smoke-test");
    const answer = await post("/forget", { visitor_id: "smoke-test" }, READER);
    expect(await jsonOf(answer)).toMatchObject({ status: "done", erased: { events: 1 } });
    expect(grep("smoke-test", dataDir)).toBe("");
  });

  it("takes one from this machine where no token is set, and not through a proxy", async () => {
    const { post } = await createTestCollector();
    const proxied = { "X-Forwarded-For": "192.0.2.1" };
    expect((await post("/forget", { visitor_id: "smoke-test" }, proxied)).status).toBe(400);
    expect((await post("/forget", { visitor_id: "smoke-test" })).status).toBe(200);
  });

  it.each([
    ["{", 400, "invalid_json"],
    ["null", 400, "invalid_json"],
    ["x".repeat(70_000), 413, "too_large"],
  ])("refuses a body that is none", async (body, status, error) => {
    const { post } = await collectorWithToken();
    const answer = await post("/forget", body);
    expect([answer.status, (await jsonOf<{ error: string }>(answer)).error]).toEqual([status, error]);
  });

  it("takes ten a minute from one client, and says when to come back", async () => {
    const { post, get } = await collectorWithToken();
    const answers = [];
    for (let index = 0; index < 12; index++) answers.push(await post("/forget", { visitor_id: `${ANNA}-${index}` }));
    expect(answers.map(({ status }) => status)).toEqual([...Array.from({ length: 10 }, () => 200), 429, 429]);
    const refused = answers[10] as Response;
    const { retry_after } = await jsonOf<{ retry_after: number }>(refused);
    expect(retry_after).toBeGreaterThan(0);
    expect(retry_after).toBeLessThanOrEqual(60);
    expect(refused.headers.get("retry-after")).toBe(String(retry_after));
    const metrics = await (await get("/metrics", READER)).text();
    expect(metrics).toContain('tallymark_rate_limited_total{class="forget"} 2');
  });
});
