"use client";
import { useCallback } from "react";
import type { Metadata } from "../protocol/event.ts";
import { useTallymark } from "./use-tallymark.ts";

/**
 * The `track` of the provider's client: the same function on each render, safe as a dependency and in first effects.
 * @example
 * const track = useTrack();
 * <button onClick={() => track("signup", { plan: "free" })}>Sign up</button>
 */
export function useTrack(): (name: string, metadata?: Metadata) => void {
  const client = useTallymark();
  return useCallback((name, metadata) => client.track(name, metadata), [client]);
}
