/**
 * A tiny browser analytics client that never loses, doubles or miscounts an event. Nothing happens on import.
 * @module
 */
export { createTallymark } from "./core/client.ts";
export type {
  Beacon,
  BeaconClient,
  PageFacts,
  SendResult,
  Tallymark,
  TallymarkOptions,
} from "./core/options.ts";
export type { ErrorAnswer, EventAnswer } from "./protocol/answers.ts";
export type { JsonValue, Metadata, WireEvent } from "./protocol/event.ts";
