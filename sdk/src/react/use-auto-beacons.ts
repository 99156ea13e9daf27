"use client";
import { useContext } from "react";
import { type AutoBeaconsOptions, autoBeacons } from "../beacons/auto-beacons.ts";
import { TallymarkContext } from "./tallymark-context.ts";
import { useInstalled } from "./use-installed.ts";
import { useTallymark } from "./use-tallymark.ts";

/**
 * Runs `autoBeacons(options)` on the provider's client while the component is mounted. Use it once, near the root: two of
 * them count twice, as do beacons given to the provider besides. Options are compared by value, and functions by their
 * text, so what is written in place restarts nothing. One page view per load also under StrictMode, see `useInstalled`. A
 * beacon that fails is named on the console in development, and never breaks the page.
 *
 * Where the provider has `options`, the beacons follow consent: nothing runs while the visitor refuses, and the page counts
 * once when they agree. An app that makes its `client` by itself gives `autoBeacons()` to `createTallymark` for that.
 */
export function useAutoBeacons(options: AutoBeaconsOptions = {}): void {
  const client = useTallymark();
  const context = useContext(TallymarkContext);

  useInstalled([client, JSON.stringify(options, byText)], () => context?.install(autoBeacons(options)) ?? (() => {}));
}

function byText(_key: string, value: unknown): unknown {
  return typeof value === "function" ? String(value) : value;
}
