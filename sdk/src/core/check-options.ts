import { SITE } from "../protocol/limits.ts";
import type { TallymarkOptions } from "./options.ts";
import { warn } from "./warn.ts";

/** Whether the collector would take this for a site's name. */
export function isSite(site: string): boolean {
  return SITE.test(site);
}

/** Names options that make no sense, in development. In production this is empty, and not in the bundle. */
export function checkOptions(options: TallymarkOptions): void {
  try {
    if (process.env.NODE_ENV !== "production") {
      const { endpoint, site = "default", sampleRate = 1, sampleRates = {}, sampleBy = "visitor" } = options;
      const { consent = "granted", identity = "persistent" } = options;
      if (typeof endpoint !== "string") {
        warn(
          'endpoint must be the address of the collector; "", this page\'s own origin, is used instead of',
          endpoint,
        );
      }
      if (!isSite(site)) {
        warn("site must be 1–64 letters, digits and _ . -; the collector will refuse every event with", site);
      }
      for (const [name, rate] of Object.entries({ sampleRate, ...sampleRates })) {
        if (!(rate >= 0 && rate <= 1)) {
          warn(`the sample rate "${name}" must be a number from 0 to 1; 0, sampleRate or 1 is used instead of`, rate);
        }
      }
      if (!["visitor", "event"].includes(sampleBy)) {
        warn('sampleBy must be "visitor" or "event"; "visitor" is used instead of', sampleBy);
      }
      if (!["granted", "pending", "denied"].includes(consent)) {
        warn('consent must be "granted", "pending" or "denied"; nothing is sent until optIn() with', consent);
      }
      if (!["persistent", "session", "memory", "none"].includes(identity)) {
        warn('identity must be "persistent", "session", "memory" or "none"; "memory" is used instead of', identity);
      }
    }
  } catch {
    // See `warn`.
  }
}
