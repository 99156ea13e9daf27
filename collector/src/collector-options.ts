import type { ArchiveSettings } from "./archive/create-archive.ts";
import type { Logger } from "./observe/logger.ts";

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
  /** zlib's, 1 (fast) to 9 (small); default 6. */
  readonly gzipLevel?: number;
  /** Days after which events are deleted, and before which an event's `ts` must not lie (default 30). */
  readonly retentionDays?: number;
  /** Days by event name, for those that are kept for a shorter or longer time. */
  readonly ttlDays?: { readonly [event: string]: number };
  /** A bucket that files are uploaded to before they are deleted (default none). */
  readonly archive?: ArchiveSettings | undefined;
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
