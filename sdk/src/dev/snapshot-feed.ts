import type { Tallymark } from "../core/options.ts";
import type { Health, Snapshot } from "../protocol/snapshot.ts";
import { fetchHealth } from "./fetch-health.ts";
import { fetchSnapshot } from "./fetch-snapshot.ts";
import { startPolling } from "./start-polling.ts";

/** What is known of a collector right now. A new object after each poll. */
export interface SnapshotState {
  /** `loading` until the first answer, then `live`, or `error` as long as the last poll failed. */
  readonly status: "loading" | "live" | "error";
  /** The last one that came; an `error` keeps it. */
  readonly snapshot?: Snapshot;
  /** Absent while unknown. */
  readonly health?: Health;
  /** Why the last poll failed, in one sentence. */
  readonly error?: Error;
}

/** Which collector to watch, and how. */
export interface SnapshotSource {
  /** The collector's address as in `TallymarkOptions`; `""` means the page's own origin. */
  readonly endpoint: string;
  /** The collector's read token. */
  readonly token?: string | undefined;
  /** Time between polls in ms (default 1000, at least 100), ± 25 %. The smallest of all subscribers counts. */
  readonly intervalMs?: number | undefined;
  /** Is flushed before each poll, so that what was just tracked shows in it. */
  readonly client?: Pick<Tallymark, "flush"> | undefined;
}

interface Feed {
  state: SnapshotState;
  readonly subscribers: Map<
    object,
    { readonly source: SnapshotSource; readonly listener: (state: SnapshotState) => void }
  >;
  stop: () => void;
}

const DEFAULT_INTERVAL_MS = 1000;
const MIN_INTERVAL_MS = 100;
/** Health changes slowly; asking less often keeps a polling page well under the edge's rate limit. */
const HEALTH_INTERVAL_MS = 3000;
const REQUEST_TIMEOUT_MS = 5000;
const FLUSH_TIMEOUT_MS = 500;
const LIMIT = 100;

const LOADING: SnapshotState = { status: "loading" };
const feeds = new Map<string, Feed>();

/** The state of the shared feed of this collector and token; `loading` where nobody subscribes to it. */
export function snapshotState(source: SnapshotSource): SnapshotState {
  return feeds.get(keyOf(source))?.state ?? LOADING;
}

/**
 * Watches a collector. All subscribers of the same endpoint and token share one poller, which starts with the first of
 * them and stops with the last. Does nothing outside a browser.
 * @param listener is called after each poll
 * @returns unsubscribes
 */
export function subscribeToSnapshots(source: SnapshotSource, listener: (state: SnapshotState) => void): () => void {
  if (typeof document === "undefined") return () => {};
  const key = keyOf(source);
  const feed = feeds.get(key) ?? startFeed(source);
  feeds.set(key, feed);
  const subscription = {};
  feed.subscribers.set(subscription, { source, listener });
  return function unsubscribe() {
    feed.subscribers.delete(subscription);
    // Whoever leaves and comes back at once (a moved element, React's StrictMode) finds the poller still running.
    queueMicrotask(() => {
      if (feed.subscribers.size > 0 || feeds.get(key) !== feed) return;
      feeds.delete(key);
      feed.stop();
    });
  };
}

function startFeed({ endpoint, token }: SnapshotSource): Feed {
  const options = { endpoint, ...(token === undefined ? {} : { token }), limit: LIMIT };
  const stopped = new AbortController();
  const feed: Feed = { state: LOADING, subscribers: new Map(), stop: () => {} };
  let healthDueAt = 0;

  async function poll(): Promise<boolean> {
    await flushClients(feed);
    if (stopped.signal.aborted) return false;
    const { signal, settle } = withTimeout(stopped.signal);
    const isHealthDue = Date.now() >= healthDueAt || feed.state.status !== "live";
    const [snapshot, health] = await Promise.allSettled([
      fetchSnapshot({ ...options, signal }),
      isHealthDue ? fetchHealth({ ...options, signal }) : feed.state.health,
    ]);
    settle();
    if (stopped.signal.aborted) return false;
    if (isHealthDue) healthDueAt = Date.now() + HEALTH_INTERVAL_MS;
    const isLive = snapshot.status === "fulfilled";
    const known = isLive ? snapshot.value : feed.state.snapshot;
    feed.state = {
      status: isLive ? "live" : "error",
      ...(known && { snapshot: known }),
      ...(health.status === "fulfilled" && health.value && { health: health.value }),
      ...(!isLive && { error: snapshot.reason }),
    };
    for (const { listener } of [...feed.subscribers.values()]) listener(feed.state);
    return isLive;
  }

  // After this turn, so that the subscriber which starts the feed is already in it.
  let stopPolling = () => {};
  queueMicrotask(() => {
    if (!stopped.signal.aborted) stopPolling = startPolling(poll, () => shortestIntervalMs(feed));
  });
  feed.stop = () => {
    stopped.abort();
    stopPolling();
  };
  return feed;
}

/** Gives each client a moment: a collector that is slow to take events must not stop us from reading. */
async function flushClients({ subscribers }: Feed): Promise<void> {
  const clients = new Set([...subscribers.values()].map(({ source }) => source.client));
  const flushed = Promise.allSettled([...clients].map((client) => client?.flush()));
  let timer: ReturnType<typeof setTimeout> | undefined;
  await Promise.race([flushed, new Promise((resolve) => (timer = setTimeout(resolve, FLUSH_TIMEOUT_MS)))]);
  clearTimeout(timer);
}

function withTimeout(stopped: AbortSignal): { signal: AbortSignal; settle: () => void } {
  const controller = new AbortController();
  const abort = () => controller.abort();
  const timer = setTimeout(() => {
    const seconds = REQUEST_TIMEOUT_MS / 1000;
    controller.abort(
      new Error(`The Tallymark collector gave no answer within ${seconds} s: is it overloaded, or out of reach?`),
    );
  }, REQUEST_TIMEOUT_MS);
  stopped.addEventListener("abort", abort);
  return {
    signal: controller.signal,
    settle() {
      clearTimeout(timer);
      stopped.removeEventListener("abort", abort);
    },
  };
}

function shortestIntervalMs({ subscribers }: Feed): number {
  const wanted = [...subscribers.values()].map(({ source }) => source.intervalMs || DEFAULT_INTERVAL_MS);
  return Math.max(MIN_INTERVAL_MS, Math.min(...wanted));
}

function keyOf({ endpoint, token }: SnapshotSource): string {
  return JSON.stringify([endpoint, token]);
}
