import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { scriptRoutes } from "./script.ts";

const CODE = "console.log(1);";
const EXTRA_CODE = "console.log(2);";
const HASH = createHash("sha256").update(EXTRA_CODE).digest("hex").slice(0, 8);
const app = scriptRoutes(
  [
    { name: "tallymark", code: CODE, isExtra: false },
    { name: "tallymark-vitals", code: EXTRA_CODE, isExtra: true },
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

  test("serve what the script loads under the hash of its content, for ever, to any page", async () => {
    const answer = await app.request(`/tallymark-vitals.${HASH}.js`);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe(EXTRA_CODE);
    expect(answer.headers.get("Content-Type")).toBe("text/javascript; charset=utf-8");
    expect(answer.headers.get("Cache-Control")).toBe("public, max-age=31536000, immutable");
    expect(answer.headers.get("Access-Control-Allow-Origin")).toBe("*");
    expect(answer.headers.get("Cross-Origin-Resource-Policy")).toBe("cross-origin");
  });

  test("do not send again what a browser has", async () => {
    const etag = (await app.request("/tallymark.js")).headers.get("ETag") ?? "";
    expect(etag).toMatch(/^"[\w-]{43}"$/);
    const answer = await app.request("/tallymark.js", { headers: { "If-None-Match": etag } });
    expect(answer.status).toBe(304);
    expect(await answer.text()).toBe("");
    expect((await app.request("/tallymark.js", { headers: { "If-None-Match": '"other"' } })).status).toBe(200);
  });

  test.each([
    "/tallymark.1.2.4.js",
    "/tallymark.min.js",
    "/tallymark-dev.js",
    "/tallymark",
    "/tallymarkxjs",
    "/tallymark-vitals.js",
    "/tallymark-vitals.1.2.3.js",
    "/tallymark-vitals.00000000.js",
    `/tallymark-errors.${HASH}.js`,
    "/tallymark-constructor",
    "/tallymark-..%2ftallymark.js",
  ])("have nothing at %s", async (path) => {
    const answer = await app.request(path);
    expect(answer.status).toBe(404);
    expect(answer.headers.get("Cache-Control")).toBeNull();
  });
});
