import { byteLength } from "../core/byte-length.ts";
import type { Beacon } from "../core/options.ts";

/** Chromium 135 and later: https://developer.mozilla.org/en-US/docs/Web/API/Window/fetchLater */
type FetchLater = (url: string, init: RequestInit) => { readonly activated: boolean };

/** The browser keeps 64 KiB for all deferred requests to one origin; the difference is for headers and address. */
const MAX_DEFERRED_BYTES = 60_000;

/**
 * Leaves what waits with the browser, which sends it when the page is gone, even where the page has had no chance to:
 * it crashed, or was killed. As the page lives and sends by itself, the deferred request is replaced or cancelled. Where
 * the browser has no `fetchLater`, or no room left, nothing changes.
 */
export function deferredFlush(): Beacon {
  return function startDeferredFlush({ _outbox: outbox }) {
    let { fetchLater } = globalThis as { fetchLater?: FetchLater | undefined };
    if (!outbox || !fetchLater) return () => {};
    const next = outbox._observe;
    let deferred: AbortController | undefined;

    outbox._observe = (batch, turn, headers) => {
      const isKept = next?.(batch, turn, headers);
      deferred?.abort();
      const events = outbox._ready();
      // Without the counts of what was dropped: the page's own next batch has them.
      const body = `{"sent_at":${Date.now()},"events":[${events}]}`;
      try {
        // All or nothing: a part would be delivered, and counted as left behind as well.
        if (fetchLater && events[0] && byteLength(body) <= MAX_DEFERRED_BYTES) {
          deferred = new AbortController();
          fetchLater(outbox._url, { method: "POST", body, signal: deferred.signal });
          return true;
        }
      } catch {
        // QuotaExceededError, or forbidden by the page's permissions policy.
      }
      return isKept;
    };

    return () => {
      fetchLater = undefined;
      deferred?.abort();
    };
  };
}
