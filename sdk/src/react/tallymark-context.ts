"use client";
import { createContext } from "react";
import type { Tallymark } from "../core/options.ts";

/** What a provider gives to everything below it. */
export interface TallymarkContextValue {
  readonly client: Tallymark;
  /** Where the collector is, as far as the provider knows. */
  readonly endpoint: string | undefined;
}

/** Undefined outside a provider. */
export const TallymarkContext = /* @__PURE__ */ createContext<TallymarkContextValue | undefined>(undefined);
