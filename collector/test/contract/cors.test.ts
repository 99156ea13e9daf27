import { afterEach, describe, expect, test, vi } from "vitest";
import { createTestCollector } from "../create-test-collector.ts";
import { diskError, fileHandlePrototype } from "../file-handle-prototype.ts";
import { readDataFolder } from "../read-data-folder.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const LISTED = ["https://example.com", "https://*.example.org", "http://*.dev.example:8080"];

async function postFrom(origin: string, allowedOrigins?: readonly string[], host = "stats.example.net") {
  const { post, dataDir } = await createTestCollector({ allowedOrigins });
  const answer = await post("/event", { event: "x" }, { Origin: origin, Host: host });
  return { answer, stored: readDataFolder(dataDir).length };
}

describe("without a list", () => {
  test.each([
    "http://localhost",
    "http://localhost:5173",
    "https://localhost:5173",
    "http://app.localhost:3000",
    "http://127.0.0.1:8080",
    "http://[::1]:8080",
    "https://stats.example.net",
    "http://stats.example.net",
  ])("%s may send: it is the same origin or this machine", async (origin) => {
    const { answer, stored } = await postFrom(origin);
    expect(answer.status).toBe(202);
    expect(answer.headers.get("Access-Control-Allow-Origin")).toBe(origin);
    expect(stored).toBe(1);
  });

  test.each([
    "https://evil.example",
    "null",
    "",
    "https://localhost.evil.example",
    "http://localhost:5173.evil.example",
    "https://evil.example/http://localhost",
    "http://127.0.0.1.evil.example",
    "https://stats.example.net:8443",
    "https://stats.example.net.evil.example",
    "file://",
    "http://localhost:5173\u00a0",
  ])("%j may not, and nothing of it is stored", async (origin) => {
    const { answer, stored } = await postFrom(origin);
    expect(answer.status).toBe(403);
    expect(await answer.json()).toEqual({ ok: false, error: "origin_not_allowed" });
    expect(answer.headers.has("Access-Control-Allow-Origin")).toBe(false);
    expect(stored).toBe(0);
  });
});

describe("with a list", () => {
  test.each([
    "https://example.com",
    "HTTPS://EXAMPLE.COM",
    "https://www.example.org",
    "https://a-1.example.org",
    "http://my.dev.example:8080",
    "https://stats.example.net",
  ])("%s may send", async (origin) => {
    const { answer } = await postFrom(origin, LISTED);
    expect(answer.status).toBe(202);
    expect(answer.headers.get("Access-Control-Allow-Origin")).toBe(origin);
  });

  test.each([
    "http://example.com",
    "https://example.com:8443",
    "https://www.example.com",
    "https://example.org",
    "https://a.b.example.org",
    "https://.example.org",
    "https://evilexample.org",
    "https://www.example.org.evil.example",
    "https://evil.example/.example.org",
    "https://evil.example?.example.org",
    "http://my.dev.example",
    "http://localhost:5173",
    "null",
  ])("%s may not", async (origin) => {
    const { answer, stored } = await postFrom(origin, LISTED);
    expect(answer.status).toBe(403);
    expect(stored).toBe(0);
  });
});

describe("CORS", () => {
  test("lets through who sends no origin, as programs do, and still says that the answer depends on it", async () => {
    const { post } = await createTestCollector({ allowedOrigins: [] });
    const answer = await post("/event", { event: "x" });
    expect(answer.status).toBe(202);
    expect(answer.headers.has("Access-Control-Allow-Origin")).toBe(false);
    expect(answer.headers.get("Vary")).toBe("Origin");
  });

  test("never answers `*` or allows credentials, and always varies by origin", async () => {
    for (const origin of ["http://localhost:5173", "https://evil.example"]) {
      const { answer } = await postFrom(origin);
      expect(answer.headers.get("Access-Control-Allow-Origin")).not.toBe("*");
      expect(answer.headers.has("Access-Control-Allow-Credentials")).toBe(false);
      expect(answer.headers.get("Vary")).toBe("Origin");
    }
  });

  test("answers a preflight for what the SDK and the panel send, and lets it be kept", async () => {
    const { app } = await createTestCollector();
    const headers = {
      Origin: "http://localhost:5173",
      "Access-Control-Request-Method": "POST",
      "Access-Control-Request-Headers": "content-type,authorization",
    };
    for (const path of ["event", "events", "behavior", "health", "behavior/health"]) {
      const answer = await app.request(`/api/metrics/${path}`, { method: "OPTIONS", headers });
      expect(answer.status).toBe(204);
      expect(await answer.text()).toBe("");
      expect(answer.headers.get("Access-Control-Allow-Origin")).toBe("http://localhost:5173");
      expect(answer.headers.get("Access-Control-Allow-Methods")).toBe("GET, POST, DELETE, OPTIONS");
      expect(answer.headers.get("Access-Control-Allow-Headers")).toMatch(
        /Content-Type.*Content-Encoding.*Authorization/,
      );
      expect(answer.headers.get("Access-Control-Max-Age")).toBe("7200");
    }
  });

  test("refuses a preflight from elsewhere", async () => {
    const { app } = await createTestCollector();
    const headers = { Origin: "https://evil.example", "Access-Control-Request-Method": "POST" };
    const answer = await app.request("/api/metrics/event", { method: "OPTIONS", headers });
    expect(answer.status).toBe(403);
    expect(answer.headers.has("Access-Control-Allow-Methods")).toBe(false);
  });

  test("lets a page read every answer, refusals and failures too, and see when to come back", async () => {
    const { post, get, collector } = await createTestCollector({ readToken: "0123456789abcdef" });
    const headers = { Origin: "http://localhost:5173" };
    const answers = [await post("/event", "{", headers), await get("/api/metrics/behavior", headers)];
    vi.spyOn(await fileHandlePrototype(), "write").mockRejectedValueOnce(diskError("EIO"));
    answers.push(await post("/event", { event: "x" }, headers));
    collector.drain();
    answers.push(await post("/event", { event: "x" }, headers));
    expect(answers.map(({ status }) => status)).toEqual([400, 401, 503, 503]);
    for (const answer of answers) {
      expect(answer.headers.get("Access-Control-Allow-Origin")).toBe("http://localhost:5173");
      expect(answer.headers.get("Access-Control-Expose-Headers")).toBe("X-Request-Id, Retry-After");
    }
  });
});
