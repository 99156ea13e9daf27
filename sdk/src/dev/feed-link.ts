import type { BeaconClient } from "../core/options.ts";
import { type SnapshotState, snapshotState, subscribeToSnapshots } from "./snapshot-feed.ts";

/** The attributes which say what to watch. */
export const FEED_ATTRIBUTES: readonly string[] = ["endpoint", "token", "interval-ms"];

/** An element that watches a collector. */
export interface FeedElement extends HTMLElement {
  /** Flushed before each poll, so that what the page has just tracked shows at once. */
  client: BeaconClient | undefined;
}

/**
 * Ties an element's attributes and its `client` to the shared feed.
 * @param isWatching is asked whether the element wants to be told; it is told at once and then after each poll
 * @returns `sync`, to be called after anything of this has changed. Changes of one turn count as one.
 */
export function linkToFeed(
  host: FeedElement,
  isWatching: () => boolean,
  onState: (state: SnapshotState) => void,
): () => void {
  let unsubscribe = () => {};
  let isPending = false;

  function subscribe(): void {
    isPending = false;
    const leave = unsubscribe;
    unsubscribe = () => {};
    if (isWatching()) {
      const source = {
        endpoint: host.getAttribute("endpoint") ?? "",
        token: host.getAttribute("token") ?? undefined,
        intervalMs: Number(host.getAttribute("interval-ms") ?? Number.NaN),
        client: host.client,
      };
      unsubscribe = subscribeToSnapshots(source, onState);
      onState(snapshotState(source));
    }
    leave();
  }

  return function sync() {
    if (!isPending) queueMicrotask(subscribe);
    isPending = true;
  };
}

/**
 * Takes over a property which was set before the element was defined, and which would otherwise hide the accessor.
 * https://web.dev/articles/custom-elements-best-practices#make_properties_lazy
 */
export function upgradeProperty<K extends string>(host: { [key in K]: unknown }, name: K): void {
  if (!Object.hasOwn(host, name)) return;
  const value = host[name];
  delete host[name];
  host[name] = value;
}
