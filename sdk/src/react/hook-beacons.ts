import { installBeacons } from "../core/lifecycle.ts";
import type { Beacon } from "../core/options.ts";

/** The beacons that hooks below a provider have installed. */
export interface HookBeacons {
  /** All of them as one, for the provider's client: so they start and stop with the consent it is given. */
  readonly beacon: Beacon;
  /** Adds a beacon, which runs while the client runs its own. Returns the undo. */
  install(beacon: Beacon): () => void;
}

/**
 * Hooks install before the client exists, and while the visitor has not agreed. A beacon that was started then would
 * count the page for nobody: here it waits, and counts it once, when the client starts its beacons.
 */
export function createHookBeacons(): HookBeacons {
  const installed = new Map<Beacon, (() => void) | undefined>();
  let start: ((beacon: Beacon) => () => void) | undefined;

  return {
    beacon(client) {
      start = (beacon) => installBeacons([beacon], client);
      for (const beacon of installed.keys()) installed.set(beacon, start(beacon));
      return () => {
        start = undefined;
        for (const [beacon, stop] of installed) {
          installed.set(beacon, undefined);
          stop?.();
        }
      };
    },

    install(beacon) {
      installed.set(beacon, start?.(beacon));
      return () => {
        installed.get(beacon)?.();
        installed.delete(beacon);
      };
    },
  };
}
