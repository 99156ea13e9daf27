import { createServer } from "node:http";
import { type Listening, listenOnLoopback } from "../test/e2e/listen-on-loopback.ts";
import { buildApp } from "./build-app.ts";
import { type Findings, readTrace } from "./read-trace.ts";
import type { TraceEvent } from "./trace-event.ts";

/** What runs in the busy page beside it. `faulty` does all that is forbidden: what does not find it finds nothing. */
export type Subject = "beacons" | "faulty" | "nothing";

export interface BusySite extends Listening {
  /** What a trace of a page of this site says of the subject. */
  read(subject: Subject, trace: readonly TraceEvent[]): Findings;
}

/**
 * Starts a server on loopback with the busy page at `/?<subject>`, and the subject as a script of its own: whose work a
 * task is, the trace tells by the address. It takes a POST, and any other address is an empty page.
 */
export async function serveBusyPage(): Promise<BusySite> {
  const scripts = new Map<string, string>([["/nothing.js", ""]]);
  for (const name of ["busy-page", "beacons", "faulty"]) scripts.set(`/${name}.js`, await buildApp(name, true));
  const server = createServer((request, response) => {
    const { pathname, search } = new URL(request.url ?? "/", "http://localhost");
    if (request.method === "POST") {
      request.resume();
      response.writeHead(202, { "content-type": "application/json" }).end('{"ok":true}');
    } else if (scripts.has(pathname)) {
      response.writeHead(200, { "content-type": "text/javascript" }).end(scripts.get(pathname));
    } else {
      response.writeHead(200, { "content-type": "text/html" }).end(search ? busyPage(search.slice(1)) : EMPTY_PAGE);
    }
  });
  const listening = await listenOnLoopback(server);
  return {
    ...listening,
    read: (subject, trace) => readTrace(trace, `${listening.url}/${subject}.js`, scripts.get(`/${subject}.js`) ?? ""),
  };
}

const HEAD = '<!doctype html><meta name="viewport" content="width=device-width" /><link rel="icon" href="data:," />';

const EMPTY_PAGE = `${HEAD}<title>Left</title>`;

function busyPage(subject: string): string {
  return `${HEAD}<title>Busy</title><body><script src="/busy-page.js"></script><script src="/${subject}.js"></script>`;
}
