import { describe, expect, test } from "vitest";
import { scriptRoutes } from "./script.ts";

const CODE = "console.log(1);";
const app = scriptRoutes(
  [
    { name: "tallymark", code: CODE },
    { name: "tallymark-dev", code: undefined },
  ],
  "1.2.3",
);

describe("the script routes", () => {
  test("serve the script under a short-lived name", async () => {
    const answer = await app.request("/tallymark.js");
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe(CODE);
    expect(answer.headers.get("Content-Type")).toBe("text/javascript; charset=utf-8");
    expect(answer.headers.get("Cache-Control")).toBe("public, max-age=3600, stale-while-revalidate=86400");
    expect(answer.headers.get("X-Content-Type-Options")).toBe("nosniff");
    expect(answer.headers.get("Access-Control-Allow-Origin")).toBe("*");
    expect(answer.headers.get("Cross-Origin-Resource-Policy")).toBe("cross-origin");
  });

  test("serve it under its version for ever", async () => {
    const answer = await app.request("/tallymark.1.2.3.js");
    expect(await answer.text()).toBe(CODE);
    expect(answer.headers.get("Cache-Control")).toBe("public, max-age=31536000, immutable");
  });

  test("do not send again what a browser has", async () => {
    const etag = (await app.request("/tallymark.js")).headers.get("ETag") ?? "";
    expect(etag).toMatch(/^"[\w-]{43}"$/);
    const answer = await app.request("/tallymark.js", { headers: { "If-None-Match": etag } });
    expect(answer.status).toBe(304);
    expect(await answer.text()).toBe("");
    expect((await app.request("/tallymark.js", { headers: { "If-None-Match": '"other"' } })).status).toBe(200);
  });

  test.each(["/tallymark.1.2.4.js", "/tallymark.min.js", "/tallymark-dev.js", "/tallymark", "/tallymarkxjs"])(
    "have nothing at %s",
    async (path) => {
      expect((await app.request(path)).status).toBe(404);
    },
  );
});
