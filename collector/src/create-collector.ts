import type { RequestListener } from "node:http";
import { dirname } from "node:path";
import type { Health, RejectionReason } from "@tallymark/sdk/protocol";
import type { Hono } from "hono";
import { createArchive } from "./archive/create-archive.ts";
import { createCollectorEraser } from "./collector-eraser.ts";
import type { CollectorOptions } from "./collector-options.ts";
import { ERROR_STATUS } from "./http/answer.ts";
import { createApp, ROUTES } from "./http/app.ts";
import { createClientAddress } from "./http/client-address.ts";
import type { CollectorEnv } from "./http/env.ts";
import { createIngestAnswer } from "./http/ingest-answer.ts";
import { createListener } from "./http/listener.ts";
import { createOriginRule } from "./http/origin-rule.ts";
import { createRequestLog } from "./http/request-log.ts";
import { createDailyVisitor } from "./ingest/daily-visitor.ts";
import { createDeviceReader } from "./ingest/device.ts";
import { createPipeline } from "./ingest/pipeline.ts";
import { type Recent, recentFrom, weightedEvent } from "./ingest/recent.ts";
import { createSampler } from "./ingest/sampler.ts";
import { createSeenIds } from "./ingest/seen-ids.ts";
import { loadScripts } from "./load-scripts.ts";
import { createLogger } from "./observe/logger.ts";
import { createMetrics } from "./observe/metrics.ts";
import type { AppliedAction } from "./rotate/apply.ts";
import { longestRetentionDays } from "./rotate/policy.ts";
import { type RotationRun, startRotationTimer } from "./rotate/rotation-timer.ts";
import { createRotationLog } from "./rotation-log.ts";
import { parseStoredLine } from "./snapshot/parse-stored-line.ts";
import { createStorageLog } from "./storage-log.ts";
import { closeFinishedDays } from "./store/close-finished-days.ts";
import { createJournal } from "./store/journal.ts";
import { findLiveFile, measureDataFolder } from "./store/measure-data-folder.ts";
import { createRing } from "./store/ring.ts";
import { SINK_ERROR_REASONS } from "./store/sink.ts";
import { VERSION } from "./version.ts";

const DAY_MS = 86_400_000;

const REJECTION_REASONS: readonly RejectionReason[] = ["schema", "too_old", "too_new", "erased"];

/** A collector that can be served by itself or mounted in another Hono app with `app.route("/", collector.app)`. */
export interface Collector {
  readonly app: Hono<CollectorEnv>;
  /** The same for `node:http`, `createServer(collector.listener)`: faster, because posts of events take a short way. */
  readonly listener: RequestListener;
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
    gzipLevel = 6,
    retentionDays = 30,
    ttlDays = {},
    archive,
    readToken,
    trustedProxies = [],
    allowedOrigins,
    logger = createLogger("warn"),
    now = Date.now,
  } = options;

  let phase: "starting" | "running" | "draining" = "starting";
  let stopRotation: (() => Promise<void>) | undefined;
  let stopDayWatch: (() => void) | undefined;
  const policy = { gzipAfterDays, retentionDays, ttlDays };
  const rotationLog = createRotationLog(logger);
  const storageLog = createStorageLog(logger);

  const ring = createRing<Recent>(ringCapacity);
  const seenIds = createSeenIds();

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
    recall: { lines: ringCapacity, onLine: refillRing, ids: seenIds.capacity, onId: seenIds.recall },
    onCommit: metrics.onCommit,
    onError(reason, code) {
      metrics.onSinkError(reason);
      storageLog.onError(reason, code);
    },
    onRecovered: storageLog.onRecovered,
  });

  const eraser = createCollectorEraser({
    linkPath,
    // A day longer than an event could still be taken, and its file be there.
    lifetimeMs: (longestRetentionDays(policy) + 1) * DAY_MS,
    journal,
    ring,
    logger,
    now,
  });

  const ingest = createPipeline({
    sink: journal,
    seenIds,
    sampleRate,
    isSampled: createSampler(sampleRate),
    maxAgeMs: longestRetentionDays(policy) * DAY_MS,
    readDevice: createDeviceReader(),
    dailyVisitor: createDailyVisitor(),
    erased: eraser,
    onRecent: (recent) => ring.add(recent),
    onCounts: metrics.onCounts,
  });

  const clientAddress = createClientAddress(trustedProxies);
  const isAllowedOrigin = createOriginRule(allowedOrigins);
  const requestLog = createRequestLog({ ...metrics, logger });
  const ingestAnswer = createIngestAnswer({
    ingest,
    isDraining: () => phase === "draining",
    now,
    onClientDropped: metrics.onClientDropped,
  });

  const app = createApp({
    ingestAnswer,
    clientAddress,
    isAllowedOrigin,
    requestLog,
    exportVisitor: eraser.exportVisitor,
    erase: eraser.erase,
    findErasure: eraser.findErasure,
    isDraining: () => phase === "draining",
    onForgetLimited: metrics.onForgetLimited,
    health,
    isReady: () => phase === "running" && journal.failure === undefined,
    newestFirst: () => ring.newest().map(weightedEvent),
    readToken,
    metricsText: metrics.text,
    metricsContentType: metrics.contentType,
    scripts: loadScripts(),
    version: VERSION,
  });

  return {
    app,
    listener: createListener({ app, ingestAnswer, isAllowedOrigin, clientAddress, requestLog }),

    async start() {
      const { tornBytes, kept } = await journal.open();
      if (tornBytes > 0) logger.warn({ bytes: tornBytes }, "a torn last line was set aside as .torn");
      if (kept) logger.warn("a plain file stood where the link to the live file belongs; it is kept as .old");
      try {
        await eraser.open();
      } catch (error) {
        await journal.close();
        throw error;
      }
      eraser.resume();
      if (rotate) {
        stopRotation = startRotationTimer({
          ...policy,
          dataDir: dirname(linkPath),
          linkPath,
          gzipLevel,
          archive: archive && createArchive(archive),
          intervalMs: rotateIntervalMs,
          now,
          onRun: onRotation,
          onSkipped: rotationLog.onSkipped,
        });
      }
      stopDayWatch = closeFinishedDays(journal, { intervalMs: rotateIntervalMs, now });
      phase = "running";
    },

    drain() {
      phase = "draining";
    },

    async close() {
      phase = "draining";
      stopDayWatch?.();
      await stopRotation?.();
      await eraser.close();
      await journal.close();
    },
  };

  function refillRing(line: string): void {
    const event = parseStoredLine(line);
    if (event) ring.add(recentFrom(line, event));
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

  function onRotation(run: RotationRun): void {
    const failed = run.actions.filter(({ error }) => error !== undefined).length;
    const deleted = run.actions.filter(({ type, error }) => isDeletion(type) && error === undefined).length;
    metrics.onRotation({ failed: failed + (run.error === undefined ? 0 : 1), deleted });
    rotationLog.onRun(run);
  }
}

function isDeletion(type: AppliedAction["type"]): boolean {
  return type === "delete" || type === "archive";
}
