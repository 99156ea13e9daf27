import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { basename, extname, join, normalize } from "node:path";
import { type Listening, listenOnLoopback } from "./listen-on-loopback.ts";

const TYPES: { readonly [extension: string]: string } = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

export type FolderServer = Listening;

/**
 * Serves a folder on loopback. An address below a page's folder that names no file shows that page, as hosts of
 * single-page apps do. A page called `404.html` comes with that status.
 */
export async function serveFolder(root: string): Promise<FolderServer> {
  const server = createServer(async (request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname));
    const page = join("/", path.split("/")[1] ?? "", "index.html");
    for (const candidate of [path, page]) {
      const body = await readFile(join(root, candidate)).catch(() => undefined);
      if (!body) continue;
      const status = basename(candidate) === "404.html" ? 404 : 200;
      response.writeHead(status, { "content-type": TYPES[extname(candidate)] ?? "application/octet-stream" });
      response.end(body);
      return;
    }
    response.writeHead(404).end();
  });
  return listenOnLoopback(server);
}
