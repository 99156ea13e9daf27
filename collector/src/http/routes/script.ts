import { createHash } from "node:crypto";
import { type Context, Hono } from "hono";
import type { CollectorEnv } from "../env.ts";

/** One of the SDK's built script files. */
export interface ScriptFile {
  /** Name without version and ending, such as `tallymark`. */
  readonly name: string;
  /** Minified code; `undefined` where it was not built. */
  readonly code: string | undefined;
}

/**
 * The script tag's files: `/tallymark.js` with a short cache, so that a new release arrives within the hour, and
 * `/tallymark.<version>.js`, which never changes and so may be pinned with `integrity`.
 */
export function scriptRoutes(files: readonly ScriptFile[], version: string) {
  const routes = new Hono<CollectorEnv>();
  for (const { name, code } of files) {
    if (code === undefined) continue;
    const etag = `"${createHash("sha256").update(code).digest("base64url")}"`;
    routes.get(`/${name}.js`, (c) => serve(c, code, etag, "public, max-age=3600, stale-while-revalidate=86400"));
    routes.get(`/${name}.${version}.js`, (c) => serve(c, code, etag, "public, max-age=31536000, immutable"));
  }
  return routes;
}

function serve(c: Context, code: string, etag: string, cacheControl: string): Response {
  c.header("Cache-Control", cacheControl);
  c.header("ETag", etag);
  // Public code, the same for everybody: any page may load it, under COEP and with `integrity` too.
  c.header("Access-Control-Allow-Origin", "*");
  c.header("Cross-Origin-Resource-Policy", "cross-origin");
  c.header("X-Content-Type-Options", "nosniff");
  if (c.req.header("if-none-match") === etag) return c.body(null, 304);
  c.header("Content-Type", "text/javascript; charset=utf-8");
  return c.body(code);
}
