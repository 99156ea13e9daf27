import { vi } from "vitest";
import type { Tallymark } from "../src/core/options.ts";

/** A client that does nothing and keeps the calls it gets. */
export function stubClient() {
  return {
    track: vi.fn<Tallymark["track"]>(),
    sendEvent: vi.fn<Tallymark["sendEvent"]>(async () => ({ ok: true, sampledOut: true })),
    flush: vi.fn<Tallymark["flush"]>(async () => {}),
    getVisitorId: () => "1-2-3-4",
    optIn: vi.fn<Tallymark["optIn"]>(),
    optOut: vi.fn<Tallymark["optOut"]>(),
    forget: vi.fn<Tallymark["forget"]>(async () => true),
    stop: vi.fn<Tallymark["stop"]>(),
  };
}
