import { randomUUID } from "node:crypto";
import type { ErrorCode } from "@tallymark/sdk/protocol";
import { describeError, type Logger } from "../observe/logger.ts";

/** A correlation id from outside is taken over only where it is harmless in a log and a header. */
const REQUEST_ID = /^[A-Za-z0-9_-]{8,64}$/;

const METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "OPTIONS", "DELETE"]);

export interface RequestLogOptions {
  readonly logger: Logger;
  readonly onRequestStart: () => void;
  readonly onRequestEnd: (request: { method: string; route: string; status: number; seconds: number }) => void;
  readonly onError: (type: string) => void;
}

/** A request that is being answered. */
export interface OpenRequest {
  /** Correlation id: of the answer's `X-Request-Id`, and of our log lines. */
  readonly id: string;
  /** By the monotonic clock, in ms. */
  readonly startedAt: number;
}

export interface EndedRequest {
  readonly method: string;
  /** One of the route templates we know, or `unmatched`: nobody must be able to grow our label set. */
  readonly route: string;
  readonly status: number;
  readonly error?: ErrorCode | undefined;
  /** What was thrown, if anything was. */
  readonly cause?: unknown;
}

export interface RequestLog {
  /** @param givenId correlation id that came with the request */
  start(givenId: string | undefined): OpenRequest;
  end(request: OpenRequest, answer: EndedRequest): void;
}

/**
 * Gives a request its correlation id, and when it is answered counts it and logs it: refusals at `info`, failures at
 * `error`, the rest at `debug`, because a line for every beacon would soon outgrow the events themselves.
 */
export function createRequestLog({ logger, onRequestStart, onRequestEnd, onError }: RequestLogOptions): RequestLog {
  return {
    start(givenId = "") {
      onRequestStart();
      return { id: REQUEST_ID.test(givenId) ? givenId : randomUUID(), startedAt: performance.now() };
    },

    end({ id, startedAt }, { method, route, status, error, cause }) {
      const milliseconds = performance.now() - startedAt;
      const knownMethod = METHODS.has(method) ? method : "OTHER";
      onRequestEnd({ method: knownMethod, route, status, seconds: milliseconds / 1000 });
      if (error) onError(error);
      const level = levelOf(status, error);
      if (!logger.isLevelEnabled(level)) return;
      logger[level](
        {
          request_id: id,
          method: knownMethod,
          route,
          status,
          ms: Math.round(milliseconds * 10) / 10,
          ...(error && { error }),
          ...(cause !== undefined && { cause: describeError(cause) }),
        },
        "request",
      );
    },
  };
}

function levelOf(status: number, error: ErrorCode | undefined): "error" | "info" | "debug" {
  // A full disk refuses every request: that it is full is said once, and the rest is counted. The log may lie there too.
  if (error === "unavailable") return "debug";
  if (status >= 500) return "error";
  return status >= 400 ? "info" : "debug";
}
