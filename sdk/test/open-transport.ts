import { vi } from "vitest";
import type { CapturedEvent, StorageArea } from "../src/core/outbox.ts";
import { createTransport } from "../src/core/transport.ts";
import { type Answer, fakeCollector } from "./fake-collector.ts";

/** A transport whose events need no more than to be made JSON, and a collector that gives these answers and then 202. */
export function openTransport(...answers: Answer[]) {
  const collector = fakeCollector(...answers);
  return { collector, ...transportTo() };
}

/** One more transport to the same collector, or to another one. */
export function transportTo(area: StorageArea = {}, url = "/events") {
  let isActive = true;
  let count = 0;
  const prepare = (event: CapturedEvent): string => JSON.stringify({ id: `id-${event.event}`, ...event });
  const transport = createTransport(url, area, () => isActive, prepare);
  return {
    transport,
    /** Tracks events called e1, e2 … a millisecond apart, each with so many bytes of text. */
    push: (howMany: number, bytes = 0) => {
      for (let index = 0; index < howMany; index++) {
        transport._enqueue(`e${++count}`, bytes ? { text: "x".repeat(bytes) } : undefined);
        vi.setSystemTime(Date.now() + 1);
      }
    },
    /** Ends consent, or gives it again. */
    deactivate: () => {
      isActive = false;
    },
    activate: () => {
      isActive = true;
    },
    /** Names of the events that wait. */
    waiting: () => transport._waiting.map((event) => (typeof event === "string" ? JSON.parse(event) : event).event),
  };
}
