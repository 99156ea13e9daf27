import type { Beacon } from "../core/options.ts";

/** The element by which an extra beacon is loaded. It takes what the file has, so that no global is needed. */
export interface BeaconTag extends HTMLScriptElement {
  readonly deliver?: (beacon: Beacon) => void;
}

/** Hands the beacon of the file that is running to whoever has loaded it. A tag of the page's own asks for nothing. */
export function deliver(beacon: Beacon): void {
  (document.currentScript as BeaconTag | null)?.deliver?.(beacon);
}
