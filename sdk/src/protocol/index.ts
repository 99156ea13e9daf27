/**
 * What the SDK and the collector agree on: plain types and constants, no code.
 * @module
 */
export type {
  BatchAnswer,
  ErasedCounts,
  ErasureAnswer,
  ErrorAnswer,
  ErrorCode,
  EventAnswer,
  RejectedEvent,
  RejectionReason,
} from "./answers.ts";
export type { Batch } from "./batch.ts";
export type { JsonValue, Metadata, SingleEvent, Viewport, WireEvent } from "./event.ts";
export * from "./limits.ts";
export type { Device, Health, RecentEvent, Snapshot, StoredEvent } from "./snapshot.ts";
