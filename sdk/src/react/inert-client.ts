import type { Tallymark } from "../core/options.ts";

/** A client that does nothing: where there is no provider, no browser, or no client any more. */
export const inertClient: Tallymark = {
  track() {},
  sendEvent: async () => ({ ok: false, error: "network" }),
  async flush() {},
  getVisitorId: () => "",
  optIn() {},
  optOut() {},
  forget: async () => false,
  stop() {},
};
