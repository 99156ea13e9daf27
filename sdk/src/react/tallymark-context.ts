"use client";
import { createContext } from "react";
import type { Beacon, Tallymark } from "../core/options.ts";

/** What a provider gives to everything below it. */
export interface TallymarkContextValue {
  readonly client: Tallymark;
  /** Where the collector is, as far as the provider knows. */
  readonly endpoint: string | undefined;
  /** Runs a beacon on the client. Returns the undo. */
  readonly install: (beacon: Beacon) => () => void;
}

/** Undefined outside a provider. */
export const TallymarkContext = /* @__PURE__ */ createContext<TallymarkContextValue | undefined>(undefined);
