import { vi } from "vitest";
import type { Batch } from "../src/protocol/batch.ts";

/** A request that the browser makes when the page has gone. */
interface DeferredRequest {
  readonly url: string;
  readonly init: RequestInit;
  readonly body: Batch;
}

/** Stands in for `fetchLater`, with the browser's quota in bytes for all deferred requests to one origin. */
export function fakeFetchLater(quota = 65_536) {
  const deferred = new Set<DeferredRequest>();
  const fetchLater = vi.fn((url: string, init: RequestInit) => {
    const sizes = [...deferred].map((each) => bytesOf(each.init));
    if (sizes.reduce((sum, size) => sum + size, bytesOf(init)) > quota) {
      throw new DOMException("too much", "QuotaExceededError");
    }
    const request = { url, init, body: JSON.parse(String(init.body)) };
    deferred.add(request);
    init.signal?.addEventListener("abort", () => deferred.delete(request));
    return { activated: false };
  });
  vi.stubGlobal("fetchLater", fetchLater);
  return {
    fetchLater,
    /** What the browser would send if the page were gone now. */
    deferred: () => [...deferred],
    /** Names of the events in it. */
    names: () => [...deferred].flatMap(({ body }) => body.events.map(({ event }) => event)),
  };
}

function bytesOf({ body }: RequestInit): number {
  return new TextEncoder().encode(String(body)).length;
}
