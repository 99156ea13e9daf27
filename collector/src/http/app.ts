import { Hono } from "hono";
import type { WeightedEvent } from "../snapshot/take-snapshot.ts";
import { SinkError } from "../store/sink.ts";
import type { CollectorEnv } from "./env.ts";
import { errorAnswer } from "./error-answer.ts";
import { allowedOrigins } from "./middleware/allowed-origins.ts";
import { readToken } from "./middleware/read-token.ts";
import { refuseWhileDraining } from "./middleware/refuse-while-draining.ts";
import { type RequestContextOptions, requestContext } from "./middleware/request-context.ts";
import { behaviorRoutes } from "./routes/behavior.ts";
import { type HealthRoutesOptions, healthRoutes } from "./routes/health.ts";
import { type IngestRoutesOptions, ingestRoutes } from "./routes/ingest.ts";
import { EXTRA_ROUTE, type ScriptFile, scriptRoutes } from "./routes/script.ts";

export interface AppOptions extends IngestRoutesOptions, HealthRoutesOptions, Omit<RequestContextOptions, "routes"> {
  readonly allowedOrigins: readonly string[] | undefined;
  readonly readToken: string | undefined;
  readonly isDraining: () => boolean;
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
  const reader = readToken(options.readToken);

  app.use(requestContext({ ...options, routes: ROUTES.map(([, route]) => route) }));
  app.use("/api/metrics/*", allowedOrigins(options.allowedOrigins));
  app.route("/", healthRoutes(options));
  app.route("/", scriptRoutes(options.scripts, options.version));

  app.use("/api/metrics/event", refuseWhileDraining(options.isDraining));
  app.use("/api/metrics/events", refuseWhileDraining(options.isDraining));
  app.route("/api/metrics", ingestRoutes(options));

  app.use("/api/metrics/behavior", reader);
  app.route("/api/metrics", behaviorRoutes(options.newestFirst));
  app.get("/metrics", reader, async (c) =>
    c.body(await options.metricsText(), 200, { "Content-Type": options.metricsContentType }),
  );

  app.notFound((c) => errorAnswer(c, "not_found"));
  app.onError((error, c) => errorAnswer(c, error instanceof SinkError ? "unavailable" : "internal"));
  return app;
}
