import type { Beacon, BeaconClient } from "../core/options.ts";
import { defineDevElements } from "./define-dev-elements.ts";
import { element } from "./element.ts";
import { readDevMode } from "./guard.ts";

/** Settings of `devTools`. */
export interface DevToolsOptions {
  /** The collector's address as in `TallymarkOptions`; `""` means the page's own origin. */
  readonly endpoint: string;
  /** The collector's read token. It is readable by everybody who can read the page: only for development. */
  readonly token?: string | undefined;
  /** Time between polls in ms (default 1000), ± 25 %. */
  readonly intervalMs?: number | undefined;
}

/**
 * A beacon that puts badge and panel into the page while developer mode is on (see `readDevMode`: `?dev=1`), read when
 * the client starts. Off: nothing is defined, nothing is in the page, nothing is asked of the collector. Nor is this one
 * started while consent is denied, as by a browser with Global Privacy Control: `defineDevElements` is there in any case.
 * @example
 * createTallymark({ endpoint, beacons: [pageViews(), devTools({ endpoint })] });
 */
export function devTools(options: DevToolsOptions): Beacon {
  return function startDevTools(client) {
    if (!readDevMode(client)) return () => {};
    defineDevElements();
    const elements = createElements(options, client);
    const show = () => document.body.append(...elements);
    if (document.body) show();
    else document.addEventListener("DOMContentLoaded", show, { once: true });
    return function stopDevTools() {
      document.removeEventListener("DOMContentLoaded", show);
      for (const node of elements) node.remove();
    };
  };
}

function createElements(
  { endpoint, token, intervalMs }: DevToolsOptions,
  client: BeaconClient,
): readonly HTMLElement[] {
  const attributes = { endpoint, token, "interval-ms": intervalMs?.toString() };
  // In this order the badge comes first to the keyboard, and what it opens right after it.
  return (["tallymark-badge", "tallymark-panel"] as const).map((tag) => {
    const node = element(tag, attributes);
    node.client = client;
    return node;
  });
}
