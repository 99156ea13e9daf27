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
      const { endpoint, site = "default", sampleRate = 1 } = options;
      if (typeof endpoint !== "string") {
        warn(
          'endpoint must be the address of the collector; "", this page\'s own origin, is used instead of',
          endpoint,
        );
      }
      if (!isSite(site)) {
        warn("site must be 1–64 letters, digits and _ . -; the collector will refuse every event with", site);
      }
      if (!(sampleRate >= 0 && sampleRate <= 1)) {
        warn("sampleRate must be a number from 0 to 1; the nearest, or 1, is used instead of", sampleRate);
      }
    }
  } catch {
    // See `warn`.
  }
}
