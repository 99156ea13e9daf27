import { createServer, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { type Listening, listenOnLoopback } from "../test/e2e/listen-on-loopback.ts";

/** Any path answers a GET with an empty page and takes a POST. */
export interface SinkServer extends Listening {
  /** The bodies posted since the last call, one for each request. */
  takeBodies(): string[];
  /** How often a text is in the bodies that `takeBodies` would give. */
  count(word: string): number;
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
  const listening = await listenOnLoopback(server);
  return {
    ...listening,
    takeBodies() {
      const taken = bodies;
      bodies = [];
      return taken;
    },
    count: (word) => bodies.join("\n").split(word).length - 1,
  };
}

/** What arrived of a body; a page that is closed may break off. */
function read(request: IncomingMessage): Promise<string> {
  return text(request).catch(() => "");
}
