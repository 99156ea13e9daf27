import { attemptAll } from "./lifecycle.ts";
import type { Beacon, BeaconClient } from "./options.ts";

/**
 * Starts each beacon. One that fails harms neither the others nor the page.
 * @returns the undo
 */
export function installBeacons(beacons: readonly Beacon[], client: BeaconClient): () => void {
  const stops = attemptAll(beacons, client);
  return () => {
    attemptAll(stops);
  };
}
