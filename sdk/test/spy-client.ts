import { vi } from "vitest";
import type { BeaconClient } from "../src/core/options.ts";

/** A client that keeps what beacons track. */
export function spyClient() {
  const track = vi.fn<BeaconClient["track"]>();
  return {
    track,
    flush: vi.fn<BeaconClient["flush"]>(async () => {}),
    /** What was tracked: name, metadata and page of each event. */
    tracked: () => track.mock.calls,
  };
}
