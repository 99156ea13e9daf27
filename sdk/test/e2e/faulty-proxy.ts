import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Batch, BatchAnswer, WireEvent } from "@tallymark/sdk/protocol";

/** A request of the SDK, as it arrived. */
export interface SeenRequest {
  readonly path: string;
  /** When its body was complete, in ms since 1970. */
  readonly at: number;
  /** Size of the body. */
  readonly bytes: number;
  readonly events: readonly WireEvent[];
  readonly dropped: NonNullable<Batch["dropped"]>;
  /** Why the collector refused single events of the batch. */
  rejected: readonly string[];
  /** Status that was answered; `undefined` while, or where, there was no answer. */
  status: number | undefined;
}

/** One request on its way, for a fault to decide about. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Hands the request to the collector and resolves to its answer, which has not left for the page. */
  forward(): Promise<Response>;
  /** Sends an answer to the page. */
  reply(answer: Response): Promise<void>;
}

/** What happens to a request. */
export type Fault = (exchange: Exchange) => Promise<void> | void;

export interface FaultyProxy {
  /** Stands for the collector's address: `http://127.0.0.1:40123`. */
  readonly url: string;
  /** Everything that arrived, in its order, refused or not. */
  readonly requests: readonly SeenRequest[];
  /** What happens to the next requests, one each, before `always` holds again. */
  next(...faults: readonly Fault[]): void;
  /** What happens to all other requests (at first: `pass`). */
  always(fault: Fault): void;
  /** Refuses connections, as if the machine were gone; those that stand are cut. */
  shut(): Promise<void>;
  /** Takes connections again, at the same address. */
  reopen(): Promise<void>;
  /**
   * Counts of events that were lost, and said to be: what the SDK gave up, from the batches that the collector accepted,
   * and what the collector refused, as `rejected_schema` and the like.
   */
  lost(): Readonly<Record<string, number>>;
  /** Names of the events that arrived again, under the same id, once for each time. */
  sentAgain(): string[];
}

/** Stands between page and collector, and fails as networks, edges and collectors do. */
export async function startFaultyProxy(collectorUrl: string): Promise<FaultyProxy> {
  const requests: SeenRequest[] = [];
  const faults: Fault[] = [];
  let usual: Fault = pass;
  let port = 0;

  const server = createServer(async (request, response) => {
    response.on("error", () => {});
    // A preflight is refused: the SDK must not need one.
    if (request.method !== "POST") return response.writeHead(405).end();
    const body = await readBody(request);
    if (!body) return;
    const seen = describeRequest(request, body);
    requests.push(seen);

    const { origin = "", "content-type": type = "", "user-agent": agent = "" } = request.headers;
    const headers = { Origin: origin, "Content-Type": type, "User-Agent": agent };
    const exchange: Exchange = {
      request,
      response,
      forward: () => fetch(collectorUrl + seen.path, { method: "POST", headers, body: new Uint8Array(body) }),
      async reply(answer) {
        const body = await answer.text();
        const { rejected = [] } = JSON.parse(body) as Partial<BatchAnswer>;
        seen.rejected = rejected.map(({ reason }) => reason);
        seen.status = answer.status;
        for (const [name, value] of answer.headers) if (!OF_ONE_CONNECTION.has(name)) response.setHeader(name, value);
        response.statusCode = answer.status;
        response.end(body);
      },
    };
    try {
      await (faults.shift() ?? usual)(exchange);
    } catch {
      // The test is over, and with it the collector.
      response.destroy();
    }
  });

  const reopen = async (): Promise<void> => {
    if (server.listening) return;
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
  };
  await reopen();
  ({ port } = server.address() as { port: number });

  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    next: (...some) => void faults.push(...some),
    always(fault) {
      usual = fault;
    },
    reopen,
    async shut() {
      server.closeAllConnections();
      if (!server.listening) return;
      server.close();
      await once(server, "close");
    },
    lost() {
      const total: Record<string, number> = {};
      for (const { dropped, rejected, status } of requests) {
        if (status !== 202) continue;
        const counts = [...Object.entries(dropped), ...rejected.map((reason) => [`rejected_${reason}`, 1] as const)];
        for (const [reason, count] of counts) total[reason] = (total[reason] ?? 0) + count;
      }
      return total;
    },
    sentAgain() {
      const events = requests.flatMap((request) => request.events);
      const ids = events.map(({ id }) => id);
      return events.filter(({ id }, index) => ids.indexOf(id) !== index).map(({ event }) => event);
    },
  };
}

/** Headers that a proxy must not hand on. */
const OF_ONE_CONNECTION = new Set([
  "connection",
  "keep-alive",
  "transfer-encoding",
  "content-length",
  "content-encoding",
]);

/** `undefined` where the page went away in the middle of it. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk);
    return Buffer.concat(chunks);
  } catch {
    return undefined;
  }
}

function describeRequest(request: IncomingMessage, body: Buffer): SeenRequest {
  const content = body.length > 0 ? (JSON.parse(body.toString()) as Partial<Batch> & Partial<WireEvent>) : {};
  const events = content.events ?? (content.event ? [content as WireEvent] : []);
  const path = request.url ?? "/";
  const dropped = content.dropped ?? {};
  return { path, at: Date.now(), bytes: body.length, events, dropped, rejected: [], status: undefined };
}

/** Nothing is wrong. */
export const pass: Fault = async ({ forward, reply }) => reply(await forward());

/** Answers without asking the collector, as an edge does: with the headers without which the page would see no answer. */
export function answer(status: number, headers: { readonly [name: string]: string } = {}): Fault {
  return ({ request, reply }) => {
    const cors = {
      "Access-Control-Allow-Origin": `${request.headers.origin ?? "*"}`,
      "Access-Control-Expose-Headers": "Retry-After",
      Vary: "Origin",
    };
    return reply(new Response(JSON.stringify({ ok: false }), { status, headers: { ...cors, ...headers } }));
  };
}

/** The collector stores the events, and the page never hears of it. */
export const resetAfterBody: Fault = async ({ forward, response }) => {
  await forward();
  response.socket?.resetAndDestroy();
};

/** The connection is lost before anybody has the events. */
export const resetBefore: Fault = ({ response }) => void response.socket?.resetAndDestroy();

/** The collector stores the events at once, and the answer takes its time. */
export function late(delayMs: number): Fault {
  return async ({ forward, reply }) => {
    const given = await forward();
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    await reply(given);
  };
}

/** Neither an answer nor an end. */
export const hang: Fault = () => {};
