import type { WireEvent } from "./event.ts";

/** Body of `POST /api/metrics/events`. All but `events` may be absent. */
export interface Batch {
  /** The client's clock when the request left, in ms: lets the collector correct every `ts`. */
  readonly sent_at?: number;
  /** Who sends, as `name@version`. */
  readonly sdk?: string;
  /** Events the SDK had to give up since its last batch, by reason: loss is counted, never silent. */
  readonly dropped?: { readonly [reason: string]: number };
  readonly events: readonly WireEvent[];
}
