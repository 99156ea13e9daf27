"use client";
import { useContext } from "react";
import type { EventMap, Tallymark } from "../core/options.ts";
import { warn } from "../core/warn.ts";
import { inertClient } from "./inert-client.ts";
import { TallymarkContext } from "./tallymark-context.ts";

let hasWarned = false;

/**
 * The provider's client, the same object on each render. It may be used at once: calls made before the client has
 * started (in the effects of a first render, say) are kept and then done in order; `getVisitorId()` is `""` until then.
 * On a server, and outside a provider (development warns once), its methods do nothing.
 * With an event map, names and metadata are checked as by `createTallymark<Events>`.
 */
export function useTallymark<Events extends object = EventMap>(): Tallymark<Events> {
  const context = useContext(TallymarkContext);
  if (context) return context.client;
  if (!hasWarned) warn("there is no <TallymarkProvider> above this component, so nothing is counted here.");
  hasWarned = true;
  return inertClient;
}
