import { vi } from "vitest";
import type { Health, RecentEvent, Snapshot } from "../src/protocol/snapshot.ts";

/** An event as the ring holds it. */
export function recentEvent(event: Partial<RecentEvent> = {}): RecentEvent {
  return {
    event: "page_view",
    visitor_id: "1234567890-234567890-3456789012-456789012",
    id: "e1",
    ts: 1_795_000_000_000,
    sample_rate: 1,
    received_at: "2026-11-20T12:00:00.000Z",
    url: "/pricing",
    stored: true,
    ...event,
  };
}

/** A snapshot of these events, newest first. */
export function snapshotOf(...events: readonly RecentEvent[]): Snapshot {
  const names = [...new Set(events.map(({ event }) => event))];
  const by_event = names.map((event) => {
    const same = events.filter((other) => other.event === event);
    return { event, count: same.length, estimate: same.reduce((sum, { sample_rate }) => sum + 1 / sample_rate, 0) };
  });
  return { total: events.length, by_event, last_events: events };
}

/** A collector that is well. */
export const HEALTHY: Health = {
  status: "healthy",
  ring_size: 1,
  ring_capacity: 500,
  queue_depth: 0,
  queue_capacity: 10_000,
  file: "metrics-2026-11-20.jsonl",
  file_exists: true,
  version: "0.1.0",
};

/** Stands in for the network: every read answers from what `answers` holds at that moment; posts are accepted. */
export function stubCollector(answers: { snapshot?: Snapshot; health?: Health; status?: number } = {}) {
  const fetch = vi.fn(async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    init?.signal?.throwIfAborted();
    if (init?.method === "POST") return Response.json({ ok: true, accepted: 1, stored: 1 }, { status: 202 });
    const isHealth = String(input).includes("/health");
    const body = isHealth ? (answers.health ?? HEALTHY) : (answers.snapshot ?? snapshotOf());
    return Response.json(body, { status: isHealth ? 200 : (answers.status ?? 200) });
  });
  vi.stubGlobal("fetch", fetch);
  const addresses = (part: string) =>
    fetch.mock.calls.map(([input]) => String(input)).filter((url) => url.includes(part));
  return {
    fetch,
    answers,
    polls: () => addresses("/behavior?").length,
    healthPolls: () => addresses("/health").length,
  };
}

/** Reports the page as hidden or visible. */
export function setHidden(isHidden: boolean): void {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => isHidden });
  document.dispatchEvent(new Event("visibilitychange"));
}
