import { Hono } from "hono";
import type { WeightedEvent } from "../snapshot/take-snapshot.ts";
import { codeOfThrown } from "./answer.ts";
import type { ClientAddress } from "./client-address.ts";
import type { CollectorEnv } from "./env.ts";
import { errorAnswer } from "./error-answer.ts";
import type { IngestAnswer } from "./ingest-answer.ts";
import { allowedOrigins } from "./middleware/allowed-origins.ts";
import { rateLimit } from "./middleware/rate-limit.ts";
import { createReaderRule, readersOnly } from "./middleware/readers-only.ts";
import { requestContext } from "./middleware/request-context.ts";
import type { OriginRule } from "./origin-rule.ts";
import type { RequestLog } from "./request-log.ts";
import { behaviorRoutes } from "./routes/behavior.ts";
import { type HealthRoutesOptions, healthRoutes } from "./routes/health.ts";
import { ingestRoutes } from "./routes/ingest.ts";
import { EXTRA_ROUTE, type ScriptFile, scriptRoutes } from "./routes/script.ts";
import { type VisitorRoutesOptions, visitorRoutes } from "./routes/visitors.ts";

/** Wishes to be forgotten that one client may send in a minute: each reads every file. */
const FORGETS_PER_MINUTE = 10;

export interface AppOptions extends HealthRoutesOptions, Omit<VisitorRoutesOptions, "isReader"> {
  readonly ingestAnswer: IngestAnswer;
  readonly clientAddress: ClientAddress;
  readonly isAllowedOrigin: OriginRule;
  readonly requestLog: RequestLog;
  readonly readToken: string | undefined;
  readonly onForgetLimited: () => void;
  readonly newestFirst: () => readonly WeightedEvent[];
  readonly metricsText: () => Promise<string>;
  readonly metricsContentType: string;
  readonly scripts: readonly ScriptFile[];
  readonly version: string;
}

/** Every route there is, by template: the closed set of the `route` label. */
export const ROUTES = [
  ["POST", "/api/metrics/event"],
  ["POST", "/api/metrics/events"],
  ["GET", "/api/metrics/behavior"],
  ["GET", "/api/metrics/behavior/health"],
  ["GET", "/api/metrics/health"],
  ["GET", "/api/metrics/visitors/:id"],
  ["DELETE", "/api/metrics/visitors/:id"],
  ["POST", "/api/metrics/forget"],
  ["GET", "/api/metrics/erasures/:receipt"],
  ["GET", "/livez"],
  ["GET", "/readyz"],
  ["GET", "/metrics"],
  ["GET", "/tallymark.js"],
  ["GET", "/tallymark-dev.js"],
  ["GET", EXTRA_ROUTE],
] as const;

/** All routes on one screen. */
export function createApp(options: AppOptions): Hono<CollectorEnv> {
  const app = new Hono<CollectorEnv>();
  const isReader = createReaderRule(options.readToken);
  const reader = readersOnly(isReader);

  const routes = ROUTES.map(([, route]) => route);
  app.use(requestContext(options.requestLog, routes));
  app.use("/api/metrics/*", allowedOrigins(options.isAllowedOrigin));
  app.route("/", healthRoutes(options));
  app.route("/", scriptRoutes(options.scripts, options.version));

  app.route("/api/metrics", ingestRoutes(options.ingestAnswer, options.clientAddress));

  app.use("/api/metrics/behavior", reader);
  app.route("/api/metrics", behaviorRoutes(options.newestFirst));
  const { clientAddress, onForgetLimited: onLimited } = options;
  const forgetLimit = rateLimit({ perMinute: FORGETS_PER_MINUTE, clientAddress, onLimited });
  app.route("/api/metrics", visitorRoutes({ ...options, isReader }, reader, forgetLimit));
  app.get("/metrics", reader, async (c) =>
    c.body(await options.metricsText(), 200, { "Content-Type": options.metricsContentType }),
  );

  app.notFound((c) => errorAnswer(c, "not_found"));
  app.onError((error, c) => errorAnswer(c, codeOfThrown(error)));
  return app;
}
