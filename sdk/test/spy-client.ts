import { vi } from "vitest";
import type { BeaconClient } from "../src/core/options.ts";
import type { Outbox } from "../src/core/outbox.ts";

/** A client that keeps what beacons track, and shows them this outbox. */
export function spyClient(outbox?: Outbox) {
  const track = vi.fn<BeaconClient["track"]>();
  return {
    track,
    flush: vi.fn<BeaconClient["flush"]>(async () => {}),
    ...(outbox && { _outbox: outbox }),
    /** What was tracked: name, metadata and page of each event. */
    tracked: () => track.mock.calls,
  };
}
