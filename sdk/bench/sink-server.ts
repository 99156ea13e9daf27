import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";

export interface SinkServer {
  /** Such as `http://127.0.0.1:40123`. Any path answers a GET with an empty page and takes a POST. */
  readonly url: string;
  /** The bodies posted since the last call, one for each request. */
  takeBodies(): string[];
  /** How often a text is in the bodies that `takeBodies` would give. */
  count(word: string): number;
  close(): Promise<void>;
}

/** Cross-origin isolation, without which Chromium's clock steps by 100 µs instead of 5. */
const ISOLATED = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };

/** Starts a server on loopback that is the page and the collector of every contender. */
export async function startSinkServer(): Promise<SinkServer> {
  let bodies: string[] = [];
  const server = createServer(async (request, response) => {
    if (request.method === "POST") {
      bodies.push(await read(request));
      response.writeHead(202, { "content-type": "application/json" }).end('{"ok":true}');
    } else {
      response.writeHead(200, { "content-type": "text/html", ...ISOLATED }).end("<!doctype html><title>Bench</title>");
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("no address");
  return {
    url: `http://127.0.0.1:${address.port}`,
    takeBodies() {
      const taken = bodies;
      bodies = [];
      return taken;
    },
    count: (word) => bodies.join("\n").split(word).length - 1,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** What arrived of a body; a page that is closed may break off. */
function read(request: IncomingMessage): Promise<string> {
  return text(request).catch(() => "");
}
