import { describe, expect, test } from "vitest";
import { createTestCollector } from "../../test/create-test-collector.ts";

/** Every name of the design's section 8, with the labels it has. */
const NAMES: readonly (readonly [name: string, labels: readonly string[]])[] = [
  ["http_requests_total", ["method", "route", "status"]],
  ["http_request_duration_seconds_bucket", ["le"]],
  ["http_requests_in_progress", []],
  ["http_errors_total", ["type"]],
  ["tallymark_events_received_total", []],
  ["tallymark_events_accepted_total", []],
  ["tallymark_events_stored_total", []],
  ["tallymark_events_rejected_total", ["reason"]],
  ["tallymark_events_sampled_out_total", []],
  ["tallymark_events_duplicate_total", []],
  ["tallymark_batch_events_bucket", ["le"]],
  ["tallymark_queue_depth", []],
  ["tallymark_queue_capacity", []],
  ["tallymark_sink_write_duration_seconds_bucket", ["le"]],
  ["tallymark_sink_errors_total", ["reason"]],
  ["tallymark_sink_written_bytes_total", []],
  ["tallymark_last_event_timestamp_seconds", []],
  ["tallymark_sink_last_success_timestamp_seconds", []],
  ["tallymark_ring_size", []],
  ["tallymark_rotations_total", ["result"]],
  ["tallymark_rotation_last_success_timestamp_seconds", []],
  ["tallymark_gzip_backlog_files", []],
  ["tallymark_retention_deleted_files_total", []],
  ["tallymark_data_dir_bytes", ["kind"]],
  ["tallymark_data_disk_free_bytes", []],
  ["tallymark_data_disk_size_bytes", []],
  ["tallymark_rate_limited_total", ["class"]],
  ["tallymark_build_info", ["version"]],
  ["process_cpu_seconds_total", []],
  ["nodejs_eventloop_lag_seconds", []],
];

interface Series {
  readonly name: string;
  readonly labels: { readonly [label: string]: string };
  readonly value: number;
}

async function setUp(options = {}) {
  const { get, ...rest } = await createTestCollector(options);
  const read = async (): Promise<Series[]> => {
    const text = await (await get("/metrics")).text();
    return text
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"))
      .map((line) => {
        const [, name = "", labels = "", value = ""] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
        const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key = "", content = ""]) => [
          key,
          content,
        ]);
        return { name, labels: Object.fromEntries(pairs), value: Number(value) };
      });
  };
  const numberOf = async (name: string, labels: Series["labels"] = {}) =>
    (await read()).find((series) => series.name === name && isSubset(labels, series.labels))?.value;
  return { get, read, numberOf, ...rest };
}

function isSubset(some: Series["labels"], all: Series["labels"]): boolean {
  return Object.entries(some).every(([label, value]) => all[label] === value);
}

describe("metrics", () => {
  test.each(NAMES)("have %s with the labels %j from the first moment", async (name, labels) => {
    const series = (await (await setUp()).read()).filter((one) => one.name === name);
    expect(series.length).toBeGreaterThan(0);
    for (const one of series) expect(Object.keys(one.labels)).toEqual(labels);
  });

  test("are Prometheus text", async () => {
    const { get } = await setUp();
    const answer = await get("/metrics");
    expect(answer.headers.get("Content-Type")).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(await answer.text()).toMatch(
      /^# HELP http_requests_total Requests answered\.\n# TYPE http_requests_total counter$/m,
    );
  });

  test("start every label they can have at 0, so that a rate has something to rise from", async () => {
    const { read } = await setUp();
    const series = await read();
    const startAt = (name: string, label: string) =>
      Object.fromEntries(series.filter((one) => one.name === name).map(({ labels, value }) => [labels[label], value]));
    expect(startAt("tallymark_events_rejected_total", "reason")).toEqual({
      schema: 0,
      too_old: 0,
      too_new: 0,
      erased: 0,
    });
    expect(startAt("tallymark_sink_errors_total", "reason")).toEqual({
      queue_full: 0,
      shutting_down: 0,
      disk_full: 0,
      not_writable: 0,
      folder_missing: 0,
      too_many_files: 0,
      io: 0,
    });
    expect(startAt("tallymark_rotations_total", "result")).toEqual({ success: 0, error: 0 });
    expect(startAt("tallymark_rate_limited_total", "class")).toEqual({ ingest: 0, forget: 0 });
    expect(startAt("tallymark_data_dir_bytes", "kind")).toEqual({ live: 0, closed: 0, gz: 0 });
    expect(startAt("http_errors_total", "type")).toEqual({
      invalid_json: 0,
      invalid_event: 0,
      unauthorized: 0,
      origin_not_allowed: 0,
      not_found: 0,
      too_large: 0,
      unsupported_type: 0,
      rate_limited: 0,
      internal: 0,
      unavailable: 0,
    });
    for (const route of ["/api/metrics/event", "/api/metrics/events"]) {
      const statuses = series.filter(({ name, labels }) => name === "http_requests_total" && labels.route === route);
      expect(statuses.map(({ labels: { method, status }, value }) => [method, status, value])).toEqual([
        ["POST", "202", 0],
        ["POST", "400", 0],
        ["POST", "413", 0],
        ["POST", "503", 0],
      ]);
    }
  });

  test("add up: received = accepted + rejected + duplicate, and accepted = stored + sampled out", async () => {
    const { post, numberOf } = await setUp({ sampleRate: 0.5 });
    const events = Array.from({ length: 40 }, (_, n) => ({ event: "x", visitor_id: `v${n}`, id: `e${n % 30}` }));
    await post("/events", {
      events: [...events, null, { event: "" }, { event: "x", ts: 0 }, { event: "x", ts: 1e15 }],
    });
    await post("/event", { event: "x", id: "e0" });
    await post("/event", { event: "1" });
    await post("/event", "{");

    const accepted = (await numberOf("tallymark_events_accepted_total")) ?? 0;
    const stored = (await numberOf("tallymark_events_stored_total")) ?? 0;
    expect(await numberOf("tallymark_events_received_total")).toBe(46);
    expect(accepted).toBe(30);
    expect(await numberOf("tallymark_events_duplicate_total")).toBe(11);
    expect(await numberOf("tallymark_events_rejected_total", { reason: "schema" })).toBe(3);
    expect(await numberOf("tallymark_events_rejected_total", { reason: "too_old" })).toBe(1);
    expect(await numberOf("tallymark_events_rejected_total", { reason: "too_new" })).toBe(1);
    expect(await numberOf("tallymark_events_sampled_out_total")).toBe(accepted - stored);
    expect(stored).toBeGreaterThan(0);
    expect(stored).toBeLessThan(accepted);
    expect(await numberOf("tallymark_batch_events_count")).toBe(3);
    expect(await numberOf("tallymark_ring_size")).toBe(30);
    expect(await numberOf("tallymark_sink_write_duration_seconds_count")).toBe(1);
    expect(await numberOf("http_errors_total", { type: "invalid_json" })).toBe(1);
    expect(await numberOf("http_requests_in_progress")).toBe(1);
  });

  test("weigh what was written and when", async () => {
    const { post, numberOf } = await setUp();
    const before = Date.now() / 1000 - 1;
    expect(await numberOf("tallymark_last_event_timestamp_seconds")).toBe(0);
    await post("/event", { event: "x" });
    const bytes = await numberOf("tallymark_sink_written_bytes_total");
    expect(bytes).toBeGreaterThan(100);
    expect(await numberOf("tallymark_data_dir_bytes", { kind: "live" })).toBe(bytes);
    expect(await numberOf("tallymark_last_event_timestamp_seconds")).toBeGreaterThan(before);
    expect(await numberOf("tallymark_sink_last_success_timestamp_seconds")).toBeGreaterThan(before);
    expect(await numberOf("tallymark_data_disk_size_bytes")).toBeGreaterThan(0);
  });

  test("stay fewer than 300 series, whatever visitors send", async () => {
    const { app, post } = await setUp({ readToken: "0123456789abcdef" });
    const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "S3CRET"];
    const paths = ["/api/metrics/event", "/api/metrics/events", "/api/metrics/behavior", "/api/metrics/health"];
    paths.push(
      "/api/metrics/behavior/health",
      "/livez",
      "/readyz",
      "/metrics",
      "/tallymark.js",
      "/s3cret",
      "/api/metrics/s3cret",
    );
    for (const path of paths) {
      for (const method of methods) {
        for (const headers of [{}, { Origin: "https://s3cret.example" }, { Origin: "http://localhost" }]) {
          await app.request(path, { method, headers });
        }
      }
    }
    for (let n = 0; n < 200; n++) {
      await post("/event", { event: `s3cret${n}`, site: `s3cret${n}`, [`s3cret${n}`]: 1 });
      await app.request(`/s3cret/${n}`, { headers: { "X-Request-Id": `s3cret-${n}` } });
    }
    await post("/events", {
      dropped: Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`s3cret${n}`, 1])),
      events: [],
    });
    const answer = await app.request("/metrics", { headers: { Authorization: "Bearer 0123456789abcdef" } });
    const text = await answer.text();
    const series = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
    expect(series.length).toBeGreaterThan(100);
    expect(series.length).toBeLessThan(300);
    expect(text.toLowerCase()).not.toContain("s3cret");
  });
});
