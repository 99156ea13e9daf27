import { dirname } from "node:path";
import type { Health, RejectionReason } from "@tallymark/sdk/protocol";
import type { Hono } from "hono";
import { createApp, ROUTES } from "./http/app.ts";
import { createClientAddress } from "./http/client-address.ts";
import type { CollectorEnv } from "./http/env.ts";
import { ERROR_STATUS } from "./http/error-answer.ts";
import { createDailyVisitor } from "./ingest/daily-visitor.ts";
import { createDeviceReader } from "./ingest/device.ts";
import { createPipeline } from "./ingest/pipeline.ts";
import { createSampler } from "./ingest/sampler.ts";
import { createSeenIds } from "./ingest/seen-ids.ts";
import { loadScripts } from "./load-scripts.ts";
import { createLogger, describeError, type Logger } from "./observe/logger.ts";
import { createMetrics } from "./observe/metrics.ts";
import type { AppliedAction } from "./rotate/apply.ts";
import { startRotationTimer } from "./rotate/rotation-timer.ts";
import { parseStoredLine } from "./snapshot/parse-stored-line.ts";
import type { WeightedEvent } from "./snapshot/take-snapshot.ts";
import { createJournal } from "./store/journal.ts";
import { findLiveFile, measureDataFolder } from "./store/measure-data-folder.ts";
import { createRing } from "./store/ring.ts";
import { SINK_ERROR_REASONS, type SinkErrorReason } from "./store/sink.ts";
import { VERSION } from "./version.ts";

/** Ids remembered to recognise retries: the newest 50,000 to 100,000, about 10 MB at most. */
const SEEN_IDS = 50_000;

const DAY_MS = 86_400_000;

/** A full disk fails many times a second, and the log may lie on that very disk. */
const REPEAT_LOG_MS = 60_000;

const REJECTION_REASONS: readonly RejectionReason[] = ["schema", "too_old", "too_new"];

/** Settings of `createCollector`; all have defaults. */
export interface CollectorOptions {
  /** The symlink that always names the file being written (default `./data/metrics.jsonl`); its folder holds the data. */
  readonly linkPath?: string;
  /** Newest events kept for the live view (default 500). */
  readonly ringCapacity?: number;
  /** Share of visitors whose events are stored, 0–1 (default 1). */
  readonly sampleRate?: number;
  /** `fsync` (default): a 202 means the event is on the disk. `os`: it is with the operating system. */
  readonly durability?: "fsync" | "os";
  /** Events that may wait for the disk (default 10,000); beyond it the answer is 503. */
  readonly queueCapacity?: number;
  /** Size at which the file rolls over, in bytes (default 64 MiB). */
  readonly maxBytes?: number;
  /** Compress and delete files in this process (default true). Turn off where a sidecar does it. */
  readonly rotate?: boolean;
  /** Time between two runs of the rotator, in ms (default 300,000). */
  readonly rotateIntervalMs?: number;
  /** Days after which a closed file is compressed (default 3). */
  readonly gzipAfterDays?: number;
  /** Days after which a file is deleted, and before which an event's `ts` must not lie (default 30). */
  readonly retentionDays?: number;
  /** Who may read must send this as a bearer token. Without one, only requests from this machine may read. */
  readonly readToken?: string | undefined;
  /** Proxies, as addresses or CIDRs, whose `X-Forwarded-For` counts (default none). */
  readonly trustedProxies?: readonly string[];
  /** Origins whose pages may send, exact or with one `*.` label (default: the same origin and localhost). */
  readonly allowedOrigins?: readonly string[] | undefined;
  /** Default: JSON lines on standard output, from `warn` on. */
  readonly logger?: Logger;
  /** Clock, in ms since 1970. */
  readonly now?: () => number;
}

/** A collector that can be served by itself or mounted in another Hono app with `app.route("/", collector.app)`. */
export interface Collector {
  readonly app: Hono<CollectorEnv>;
  /**
   * Opens the data folder; must resolve before requests are served.
   * Rejects with a `DataFolderError` whose message is one sentence with path, reason and fix.
   */
  start(): Promise<void>;
  /** From now on new events are answered 503 with `Connection: close`, and `/readyz` says 503. */
  drain(): void;
  /** Stores what was accepted and closes the files. */
  close(): Promise<void>;
}

/** Puts the parts together. Nothing is opened before `start()`. */
export function createCollector(options: CollectorOptions = {}): Collector {
  const {
    linkPath = "./data/metrics.jsonl",
    ringCapacity = 500,
    sampleRate = 1,
    durability = "fsync",
    queueCapacity = 10_000,
    maxBytes = 67_108_864,
    rotate = true,
    rotateIntervalMs = 300_000,
    gzipAfterDays = 3,
    retentionDays = 30,
    readToken,
    trustedProxies = [],
    allowedOrigins,
    logger = createLogger("warn"),
    now = Date.now,
  } = options;

  let phase: "starting" | "running" | "draining" = "starting";
  let stopRotation: (() => Promise<void>) | undefined;
  let isSaid = false;
  const saidAt = new Map<SinkErrorReason, number>();

  const ring = createRing<WeightedEvent>(ringCapacity);
  const seenIds = createSeenIds(SEEN_IDS);

  const metrics = createMetrics({
    queueDepth: () => journal.depth,
    queueCapacity,
    ringSize: () => ring.size,
    dataFolder: () => measureDataFolder(linkPath, gzipAfterDays, now()),
    version: VERSION,
    rejectionReasons: REJECTION_REASONS,
    sinkErrorReasons: SINK_ERROR_REASONS,
    routes: ROUTES,
    errorTypes: Object.keys(ERROR_STATUS),
  });

  const journal = createJournal({
    linkPath,
    maxBytes,
    durability,
    queueCapacity,
    now,
    onCommit: metrics.onCommit,
    onError(reason, code) {
      metrics.onSinkError(reason);
      sayUnstored(reason, code);
    },
    onRecovered: sayStoredAgain,
  });

  const ingest = createPipeline({
    sink: journal,
    seenIds,
    sampleRate,
    isSampled: createSampler(sampleRate),
    maxAgeMs: retentionDays * DAY_MS,
    readDevice: createDeviceReader(),
    dailyVisitor: createDailyVisitor(),
    onRecent: (event, weight) => ring.add({ event, weight }),
    onCounts: metrics.onCounts,
  });

  const app = createApp({
    ingest,
    clientAddress: createClientAddress(trustedProxies),
    now,
    health,
    isReady: () => phase === "running" && journal.failure === undefined,
    isDraining: () => phase === "draining",
    newestFirst: () => ring.newest(),
    allowedOrigins,
    readToken,
    metricsText: metrics.text,
    metricsContentType: metrics.contentType,
    scripts: loadScripts(),
    version: VERSION,
    logger,
    onRequestStart: metrics.onRequestStart,
    onRequestEnd: metrics.onRequestEnd,
    onError: metrics.onError,
    onClientDropped: metrics.onClientDropped,
  });

  return {
    app,

    async start() {
      const { lines, tornBytes, kept } = await journal.open();
      refill(lines);
      if (tornBytes > 0) logger.warn({ bytes: tornBytes }, "a torn last line was set aside as .torn");
      if (kept) logger.warn("a plain file stood where the link to the live file belongs; it is kept as .old");
      if (rotate) {
        const policy = { dataDir: dirname(linkPath), linkPath, gzipAfterDays, retentionDays };
        stopRotation = startRotationTimer({ ...policy, intervalMs: rotateIntervalMs, now, onRun: onRotation });
      }
      phase = "running";
    },

    drain() {
      phase = "draining";
    },

    async close() {
      phase = "draining";
      await stopRotation?.();
      await journal.close();
    },
  };

  /** A restart loses neither the live view nor the memory for retries. */
  function refill(lines: readonly string[]): void {
    for (const line of lines) {
      const event = parseStoredLine(line);
      if (!event) continue;
      seenIds.add(event.id);
      ring.add({ event: { ...event, stored: true }, weight: 1 / event.sample_rate });
    }
  }

  function sayUnstored(reason: SinkErrorReason, code: string): void {
    const at = performance.now();
    if (at - (saidAt.get(reason) ?? Number.NEGATIVE_INFINITY) < REPEAT_LOG_MS) return;
    saidAt.set(reason, at);
    isSaid = true;
    logger.error({ reason, code }, "events could not be stored; said at most once a minute");
  }

  function sayStoredAgain(): void {
    if (isSaid) logger.warn("events can be stored again");
    isSaid = false;
  }

  async function health(): Promise<Health> {
    const { file, exists } = await findLiveFile(linkPath);
    const reason = journal.failure ?? (exists ? undefined : "file_missing");
    return {
      status: reason === undefined ? "healthy" : "degraded",
      ...(reason !== undefined && { reason }),
      ring_size: ring.size,
      ring_capacity: ring.capacity,
      queue_depth: journal.depth,
      queue_capacity: queueCapacity,
      file,
      file_exists: exists,
      version: VERSION,
    };
  }

  function onRotation({ actions, error }: { actions: readonly AppliedAction[]; error?: unknown }): void {
    const failed = actions.filter((action) => action.error !== undefined);
    const deleted = actions.filter((action) => action.type === "delete" && action.error === undefined).length;
    metrics.onRotation({ failed: failed.length + (error === undefined ? 0 : 1), deleted });
    if (error !== undefined) logger.error({ cause: describeError(error) }, "the data folder could not be rotated");
    for (const action of actions) {
      const { type, name } = action;
      if (action.error === undefined) logger.info({ action: type, file: name }, "rotated");
      else logger.error({ action: type, file: name, cause: describeError(action.error) }, "rotation failed");
    }
  }
}
