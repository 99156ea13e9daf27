import { createHash } from "node:crypto";
import { type Context, Hono } from "hono";
import type { CollectorEnv } from "../env.ts";

/** One of the SDK's built script files. */
export interface ScriptFile {
  /** Name without version and ending, such as `tallymark`. */
  readonly name: string;
  /** Minified code. */
  readonly code: string;
  /** Whether it is a script that loads it, which knows the hash of its content, and no tag. */
  readonly isExtra: boolean;
}

/** Template of the extra files' addresses, such as `/tallymark-vitals.0a1b2c3d.js`. */
export const EXTRA_ROUTE = "/:extra{tallymark-.+}";

const FOR_EVER = "public, max-age=31536000, immutable";

/**
 * The script tag's files: `/tallymark.js` with a short cache, so that a new release arrives within the hour, and
 * `/tallymark.<version>.js`, which never changes and so may be pinned with `integrity`. What the script tag itself loads
 * has the first 8 hex digits of its SHA-256 for a version, so that it is another file once it changes.
 */
export function scriptRoutes(files: readonly ScriptFile[], version: string) {
  const routes = new Hono<CollectorEnv>();
  const extras = new Map<string, Served>();
  for (const { name, code, isExtra } of files) {
    const hash = createHash("sha256").update(code).digest();
    const served = { code, etag: `"${hash.toString("base64url")}"` };
    if (isExtra) extras.set(`${name}.${hash.toString("hex").slice(0, 8)}.js`, served);
    else {
      routes.get(`/${name}.js`, (c) => serve(c, served, "public, max-age=3600, stale-while-revalidate=86400"));
      routes.get(`/${name}.${version}.js`, (c) => serve(c, served, FOR_EVER));
    }
  }
  routes.get(EXTRA_ROUTE, async (c, next) => {
    const served = extras.get(c.req.param("extra"));
    return served ? serve(c, served, FOR_EVER) : next();
  });
  return routes;
}

interface Served {
  readonly code: string;
  readonly etag: string;
}

function serve(c: Context, { code, etag }: Served, cacheControl: string): Response {
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
