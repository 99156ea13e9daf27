"use client";
import { useCallback } from "react";
import type { EventMap, Tallymark } from "../core/options.ts";
import { useTallymark } from "./use-tallymark.ts";

/**
 * The `track` of the provider's client: the same function on each render, safe as a dependency and in first effects. With
 * an event map, names and metadata are checked as by `createTallymark<Events>`.
 * @example
 * const track = useTrack<{ signup: { plan: "free" | "pro" } }>();
 * <button onClick={() => track("signup", { plan: "free" })}>Sign up</button>
 */
export function useTrack<Events extends object = EventMap>(): Tallymark<Events>["track"] {
  const client = useTallymark<Events>();
  return useCallback((...event) => client.track(...event), [client]);
}
