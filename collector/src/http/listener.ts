import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { getRequestListener } from "@hono/node-server";
import type { Hono } from "hono";
import { type Answer, codeOfThrown, refusal } from "./answer.ts";
import type { ClientAddress } from "./client-address.ts";
import type { CollectorEnv } from "./env.ts";
import type { IngestAnswer, IngestRequest } from "./ingest-answer.ts";
import { corsHeaders, type OriginRule } from "./origin-rule.ts";
import { readIncoming } from "./read-incoming.ts";
import type { RequestLog } from "./request-log.ts";

export interface ListenerOptions {
  readonly app: Hono<CollectorEnv>;
  readonly ingestAnswer: IngestAnswer;
  readonly isAllowedOrigin: OriginRule;
  readonly clientAddress: ClientAddress;
  readonly requestLog: RequestLog;
}

const TEMPLATES = { event: "/api/metrics/event", events: "/api/metrics/events" } as const;

const SHORT_WAY: ReadonlyMap<string | undefined, IngestRequest["route"]> = new Map([
  [TEMPLATES.event, "event"],
  [TEMPLATES.events, "events"],
]);

/**
 * For `node:http`: posts of events take a short way, because a router and the web's Request and Response cost as much as
 * everything else that is done for an event; all other requests go to the app. Both ways call the same functions.
 */
export function createListener(options: ListenerOptions): RequestListener {
  const { app, ingestAnswer, isAllowedOrigin, clientAddress, requestLog } = options;
  const appListener = getRequestListener(app.fetch);

  return function listener(incoming, outgoing) {
    const route = incoming.method === "POST" ? SHORT_WAY.get(incoming.url) : undefined;
    if (route) void answerIngest(route, incoming, outgoing);
    else void appListener(incoming, outgoing);
  };

  /** The same steps as the middlewares of `app.ts`, in the same order. */
  async function answerIngest(route: IngestRequest["route"], incoming: IncomingMessage, outgoing: ServerResponse) {
    const { origin, host, "x-request-id": givenId } = incoming.headers;
    const request = requestLog.start(typeof givenId === "string" ? givenId : undefined);
    const mayRead = origin !== undefined && isAllowedOrigin(origin, host);
    let answer: Answer;
    let cause: unknown;
    try {
      answer =
        mayRead || origin === undefined
          ? await ingestAnswer(requestOf(route, incoming))
          : refusal("origin_not_allowed");
    } catch (error) {
      cause = error;
      answer = refusal(codeOfThrown(error));
    }
    send(outgoing, answer, request.id, mayRead ? origin : undefined);
    const { status, error } = answer;
    requestLog.end(request, { method: "POST", route: TEMPLATES[route], status, error, cause });
  }

  function requestOf(route: IngestRequest["route"], incoming: IncomingMessage): IngestRequest {
    return {
      route,
      header: (name) => first(incoming.headers[name]),
      address: () => clientAddress(incoming.socket.remoteAddress, first(incoming.headers["x-forwarded-for"])),
      readBytes: (maxBytes) => readIncoming(incoming, maxBytes),
    };
  }
}

function send(outgoing: ServerResponse, answer: Answer, requestId: string, origin: string | undefined): void {
  // The sender has gone meanwhile: what it sent is stored all the same.
  if (outgoing.destroyed) return;
  const { body } = answer;
  const headers = ["Content-Type", "application/json", "Content-Length", String(Buffer.byteLength(body))];
  headers.push("Vary", "Origin", "X-Request-Id", requestId);
  if (origin !== undefined) for (const [name, value] of corsHeaders(origin)) headers.push(name, value);
  if (answer.retryAfter) headers.push("Retry-After", String(answer.retryAfter));
  if (answer.closes) headers.push("Connection", "close");
  outgoing.writeHead(answer.status, headers);
  outgoing.end(body);
}

/** Node joins what comes twice, all but cookies. */
function first(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === "string" ? header : header?.[0];
}
