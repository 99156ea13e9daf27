import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { createAnsweredRequests } from "./answered-requests.ts";
import { type DataFolderSize, registerDataFolder } from "./data-folder-metrics.ts";

/** Numbers that are read when Prometheus asks, not when they change. */
export interface MetricsSources {
  readonly queueDepth: () => number;
  readonly queueCapacity: number;
  readonly ringSize: () => number;
  readonly dataFolder: () => Promise<DataFolderSize>;
  readonly version: string;
  readonly rejectionReasons: readonly string[];
  readonly sinkErrorReasons: readonly string[];
  /** Route templates: the closed set of the `route` label. */
  readonly routes: readonly (readonly [method: string, route: string])[];
  readonly errorTypes: readonly string[];
}

/** Latency edges round the objective of 1 s; prom-client has classic histograms only. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** What alerts divide by and look for; the rarer ones start with their first answer. */
const POST_STATUSES = [202, 400, 413, 503];

/**
 * The collector's metrics; hot paths are handed the callbacks and never see the library. What changes with every request is
 * a plain number until Prometheus asks: ten calls of the library cost a request as much as the reading of its body.
 */
export function createMetrics(sources: MetricsSources) {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const totals = { received: 0, accepted: 0, stored: 0, duplicates: 0, inProgress: 0, lastEventMs: 0 };

  const counter = (name: string, help: string) => new Counter({ name: `tallymark_${name}`, help, registers });
  const total = (name: string, help: string, read: () => number) =>
    new Counter({
      name: `tallymark_${name}`,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name: `tallymark_${name}`,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });

  const countAnswers = createAnsweredRequests(registers);
  const requestSeconds = new Histogram({
    name: "http_request_duration_seconds",
    help: "Time to answer a request.",
    buckets: SECONDS,
    registers,
  });
  new Gauge({
    name: "http_requests_in_progress",
    help: "Requests being answered.",
    registers,
    collect() {
      this.set(totals.inProgress);
    },
  });
  const errors = new Counter({
    name: "http_errors_total",
    help: "Requests refused or failed, by error code.",
    labelNames: ["type"],
    registers,
  });

  total("events_received_total", "Events read: accepted + rejected + duplicate.", () => totals.received);
  total("events_accepted_total", "Events taken: stored + sampled out.", () => totals.accepted);
  total("events_stored_total", "Events on the disk.", () => totals.stored);
  total(
    "events_sampled_out_total",
    "Events taken but kept off the disk by sampling.",
    () => totals.accepted - totals.stored,
  );
  total("events_duplicate_total", "Events whose id had been counted before.", () => totals.duplicates);
  const rejected = new Counter({
    name: "tallymark_events_rejected_total",
    help: "Events that break a rule of the protocol.",
    labelNames: ["reason"],
    registers,
  });
  const clientDropped = counter("client_dropped_events_total", "Events that SDKs reported as given up.");
  const batchEvents = new Histogram({
    name: "tallymark_batch_events",
    help: "Events of a request.",
    buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500],
    registers,
  });

  const writeSeconds = new Histogram({
    name: "tallymark_sink_write_duration_seconds",
    help: "Time to write one group of events and make it durable.",
    buckets: SECONDS,
    registers,
  });
  const sinkErrors = new Counter({
    name: "tallymark_sink_errors_total",
    help: "Groups of events that could not be stored.",
    labelNames: ["reason"],
    registers,
  });
  const writtenBytes = counter("sink_written_bytes_total", "Bytes appended to the data files.");
  const lastWrite = new Gauge({
    name: "tallymark_sink_last_success_timestamp_seconds",
    help: "When events were last stored; 0 before the first.",
    registers,
  });
  const rotations = new Counter({
    name: "tallymark_rotations_total",
    help: "Runs of the rotator in this process.",
    labelNames: ["result"],
    registers,
  });
  const lastRotation = new Gauge({
    name: "tallymark_rotation_last_success_timestamp_seconds",
    help: "When the rotator of this process last finished without a failure; 0 before the first.",
    registers,
  });
  const deletedFiles = counter("retention_deleted_files_total", "Files deleted because their time was up.");
  const rateLimited = new Counter({
    name: "tallymark_rate_limited_total",
    help: "Requests refused for coming too fast.",
    labelNames: ["class"],
    registers,
  });

  gauge("queue_depth", "Events waiting for the disk.", sources.queueDepth);
  gauge("queue_capacity", "Events that may wait for the disk.", () => sources.queueCapacity);
  gauge(
    "last_event_timestamp_seconds",
    "When an event was last accepted; 0 before the first.",
    () => totals.lastEventMs / 1000,
  );
  gauge("ring_size", "Events in the live view.", sources.ringSize);
  registerDataFolder(registers, sources.dataFolder);
  new Gauge({
    name: "tallymark_build_info",
    help: "1, labelled with the version.",
    labelNames: ["version"],
    registers,
  }).set({ version: sources.version }, 1);

  for (const reason of sources.rejectionReasons) rejected.inc({ reason }, 0);
  for (const reason of sources.sinkErrorReasons) sinkErrors.inc({ reason }, 0);
  for (const type of sources.errorTypes) errors.inc({ type }, 0);
  for (const result of ["success", "error"]) rotations.inc({ result }, 0);
  for (const [method, route] of sources.routes) {
    for (const status of method === "POST" ? POST_STATUSES : [200]) countAnswers(method, route, status, 0);
  }
  for (const name of ["ingest", "forget"]) rateLimited.inc({ class: name }, 0);

  return {
    /** The text Prometheus reads. */
    text: () => registry.metrics(),
    contentType: registry.contentType,

    onRequestStart() {
      totals.inProgress += 1;
    },
    onRequestEnd(request: { method: string; route: string; status: number; seconds: number }) {
      totals.inProgress -= 1;
      countAnswers(request.method, request.route, request.status, 1);
      requestSeconds.observe(request.seconds);
    },
    onError(type: string) {
      errors.inc({ type });
    },

    onCounts(counts: {
      accepted: number;
      stored: number;
      duplicates: number;
      rejected: { readonly [reason: string]: number };
    }) {
      let all = counts.accepted + counts.duplicates;
      for (const [reason, count] of Object.entries(counts.rejected)) {
        all += count;
        rejected.inc({ reason }, count);
      }
      totals.received += all;
      totals.accepted += counts.accepted;
      totals.stored += counts.stored;
      totals.duplicates += counts.duplicates;
      if (counts.accepted > 0) totals.lastEventMs = Date.now();
      batchEvents.observe(all);
    },
    onForgetLimited() {
      rateLimited.inc({ class: "forget" });
    },
    onClientDropped(count: number) {
      clientDropped.inc(count);
    },

    onCommit(group: { seconds: number; bytes: number }) {
      writeSeconds.observe(group.seconds);
      writtenBytes.inc(group.bytes);
      lastWrite.setToCurrentTime();
    },
    onSinkError(reason: string) {
      sinkErrors.inc({ reason });
    },
    onRotation(run: { readonly failed: number; readonly deleted: number }) {
      rotations.inc({ result: run.failed > 0 ? "error" : "success" });
      if (run.failed === 0) lastRotation.setToCurrentTime();
      deletedFiles.inc(run.deleted);
    },
  };
}
