"use client";
import { type AutoBeaconsOptions, autoBeacons } from "../beacons/auto-beacons.ts";
import { installBeacons } from "../core/install-beacons.ts";
import { useInstalled } from "./use-installed.ts";
import { useTallymark } from "./use-tallymark.ts";

/**
 * Runs `autoBeacons(options)` on the provider's client while the component is mounted. Use it once, near the root: two of
 * them count twice, as do beacons given to the provider besides. Options are compared by value, so an object written in
 * place restarts nothing. One page view per load also under StrictMode, see `useInstalled`. A beacon that fails is named
 * on the console in development, and never breaks the page.
 */
export function useAutoBeacons(options: AutoBeaconsOptions = {}): void {
  const client = useTallymark();
  useInstalled([client, JSON.stringify(options)], () => installBeacons([autoBeacons(options)], client));
}
