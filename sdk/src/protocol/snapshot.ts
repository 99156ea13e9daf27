import type { WireEvent } from "./event.ts";

/** Coarse family of the device: never a version beyond the major. */
export interface Device {
  readonly type: "mobile" | "tablet" | "desktop";
  /** Such as `Chrome 156`; absent where unknown. */
  readonly browser?: string;
  /** Such as `Linux`; absent where unknown. */
  readonly os?: string;
}

/** One line of the collector's files. */
export interface StoredEvent extends WireEvent {
  readonly visitor_id: string;
  readonly id: string;
  readonly ts: number;
  /** The rate the event survived, client × server: any reader can undo sampling by summing 1 / rate. */
  readonly sample_rate: number;
  /** ISO 8601, by the collector's clock. */
  readonly received_at: string;
  readonly device?: Device;
}

/** An event in the ring: `stored: false` where the collector's sampling kept it off the disk. */
export interface RecentEvent extends StoredEvent {
  readonly stored: boolean;
}

/** Answer of `GET /api/metrics/behavior`, over the events in the ring. */
export interface Snapshot {
  readonly total: number;
  /** Most frequent first. `estimate` undoes sampling: the sum of 1 / rate. */
  readonly by_event: readonly { readonly event: string; readonly count: number; readonly estimate: number }[];
  /** Newest first. */
  readonly last_events: readonly RecentEvent[];
}

/** Answer of `GET /api/metrics/behavior/health` and `/api/metrics/health`. */
export interface Health {
  readonly status: "healthy" | "degraded";
  /** Why, where degraded. */
  readonly reason?: string;
  readonly ring_size: number;
  readonly ring_capacity: number;
  readonly queue_depth: number;
  readonly queue_capacity: number;
  /** Bare name of the file being written; `null` before the first. */
  readonly file: string | null;
  readonly file_exists: boolean;
  readonly version: string;
}
