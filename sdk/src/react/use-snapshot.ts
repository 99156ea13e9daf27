"use client";
import { useCallback, useContext, useSyncExternalStore } from "react";
import { type SnapshotState, snapshotState, subscribeToSnapshots } from "../dev/snapshot-feed.ts";
import { TallymarkContext } from "./tallymark-context.ts";

/** Settings of `useSnapshot`. */
export interface UseSnapshotOptions {
  /** The collector's address (default: the provider's, or else the page's own origin). */
  readonly endpoint?: string | undefined;
  /** The collector's read token. */
  readonly token?: string | undefined;
  /** Time between polls in ms (default 1000), ± 25 %. */
  readonly intervalMs?: number | undefined;
  /** Whether to poll (default true). */
  readonly enabled?: boolean | undefined;
}

/** `SnapshotState`, or `idle` while not enabled. */
export type UseSnapshotResult = Omit<SnapshotState, "status"> & { readonly status: SnapshotState["status"] | "idle" };

const IDLE: UseSnapshotResult = { status: "idle" };
const LOADING: UseSnapshotResult = { status: "loading" };

/**
 * What the collector holds right now, polled while the page is visible. All components that watch the same collector
 * share one poller, which flushes the provider's client before each poll. `loading` on a server.
 */
export function useSnapshot(options: UseSnapshotOptions = {}): UseSnapshotResult {
  const context = useContext(TallymarkContext);
  const { endpoint = context?.endpoint ?? "", token, intervalMs, enabled = true } = options;
  const client = context?.client;

  const subscribe = useCallback(
    (onChange: () => void) =>
      enabled ? subscribeToSnapshots({ endpoint, token, intervalMs, client }, onChange) : () => {},
    [endpoint, token, intervalMs, enabled, client],
  );
  return useSyncExternalStore(
    subscribe,
    () => (enabled ? snapshotState({ endpoint, token }) : IDLE),
    () => (enabled ? LOADING : IDLE),
  );
}
