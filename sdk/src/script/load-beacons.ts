/**
 * What the script tag loads where it has `data-beacons`: knows the file of each extra beacon and its hash, loads those that
 * the tag asks for, and starts them.
 * @module
 */
import { installBeacons } from "../core/lifecycle.ts";
import type { Beacon, BeaconClient } from "../core/options.ts";
import { complain } from "./complain.ts";
import type { BeaconTag } from "./deliver.ts";
import { trustedScriptUrl } from "./trusted-script-url.ts";

/** Name, file and `integrity` of each extra beacon. Put in by the build. */
declare const BEACON_FILES: readonly (readonly [name: string, file: string, integrity: string])[];

/** What has been loaded, or is on its way, by name: whoever starts again, and a second client, loads nothing twice. */
const loads = new Map<string, Promise<Beacon>>();

/**
 * Starts each beacon that the main tag asks for, as soon as its file is there. One whose file the browser refuses, or
 * cannot get, is missing; the others run.
 * @returns the undo; what arrives after that does not start
 */
export function start(client: BeaconClient, main: HTMLScriptElement): () => void {
  let stops: (() => void)[] | undefined = [];
  for (const name of new Set(main.dataset.beacons?.match(/\S+/g))) {
    const load = loads.get(name) ?? loadBeacon(name, main.nonce as string);
    loads.set(name, load);
    load.then((beacon) => stops?.push(installBeacons([beacon], client)));
  }
  return function stop() {
    for (const undo of stops ?? []) undo();
    stops = undefined;
  };
}

/** Resolves when the file has run; never where it does not. */
function loadBeacon(wanted: string, nonce: string): Promise<Beacon> {
  return new Promise((deliver) => {
    const [, file, integrity] = BEACON_FILES.find(([name]) => name === wanted) ?? [];
    if (!file) {
      const names = BEACON_FILES.map(([name]) => name).join(", ");
      return complain(`data-beacons knows no "${wanted}"; there are ${names}.`);
    }
    try {
      const script: BeaconTag = Object.assign(document.createElement("script"), {
        deliver,
        nonce,
        integrity,
        crossOrigin: "",
        src: trustedScriptUrl(new URL(file, import.meta.url).href),
      });
      document.head.append(script);
    } catch {
      // A page that requires Trusted Types and allows no policy of ours: the browser has said so on the console.
    }
  });
}
