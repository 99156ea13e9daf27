/** What is known of the request an event came with. */
export interface IngestContext {
  /** When the request was read, in ms since 1970 by our clock. */
  readonly receivedAt: number;
  /** The client's clock when the request left; corrects `ts`. */
  readonly sentAt?: number | undefined;
  readonly userAgent: string;
  /** Whether the body is known to hold no escape: then none of its texts needs one in a line either (default no). */
  readonly hasNoEscapes?: boolean;
  /** Address of the client, for the daily id of visitors who send none: asked only for them, and never stored. */
  readonly address: () => string;
}
