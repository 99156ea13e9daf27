import { describe, expect, it, vi } from "vitest";
import { stubClient } from "../../test/stub-client.ts";
import type { Beacon } from "../core/options.ts";
import { createHookBeacons } from "./hook-beacons.ts";

function countingBeacon() {
  const stop = vi.fn();
  return { stop, beacon: vi.fn<Beacon>(() => stop) };
}

describe("createHookBeacons", () => {
  it("starts a beacon when the client starts its own", () => {
    const { beacon: all, install } = createHookBeacons();
    const { beacon } = countingBeacon();
    const client = stubClient();
    install(beacon);
    expect(beacon).not.toHaveBeenCalled();
    all(client);
    expect(beacon.mock.calls.map(([given]) => given)).toEqual([client]);
  });

  it("starts at once what comes while they run", () => {
    const { beacon: all, install } = createHookBeacons();
    const { beacon } = countingBeacon();
    all(stubClient());
    install(beacon);
    expect(beacon).toHaveBeenCalledTimes(1);
  });

  it("stops with them, and starts anew with them", () => {
    const { beacon: all, install } = createHookBeacons();
    const { beacon, stop } = countingBeacon();
    install(beacon);
    all(stubClient())();
    expect(stop).toHaveBeenCalledTimes(1);
    all(stubClient());
    expect(beacon).toHaveBeenCalledTimes(2);
    expect(stop).toHaveBeenCalledTimes(1);
  });

  it.each(["running", "stopped"])("forgets a beacon that was taken back while they were %s", (state) => {
    const { beacon: all, install } = createHookBeacons();
    const { beacon, stop } = countingBeacon();
    const uninstall = install(beacon);
    const stopAll = all(stubClient());
    if (state === "stopped") stopAll();
    uninstall();
    if (state === "running") stopAll();
    all(stubClient());
    expect([beacon.mock.calls.length, stop.mock.calls.length]).toEqual([1, 1]);
  });

  it("goes on with the others where one fails", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const { beacon: all, install } = createHookBeacons();
    const { beacon } = countingBeacon();
    install(() => {
      throw new Error("broken beacon");
    });
    install(beacon);
    all(stubClient());
    expect(beacon).toHaveBeenCalledTimes(1);
    expect(warn).toHaveBeenCalledTimes(1);
    warn.mockRestore();
  });
});
