import { createHash, randomBytes } from "node:crypto";

const DAY_MS = 86_400_000;

/** What tells visitors apart who send no id. Used for the hash and not kept. */
export interface Origin {
  readonly address: string;
  readonly userAgent: string;
  readonly site: string;
}

/**
 * Ids for visitors who send none: a hash over address, user agent and site with a random salt that lives in memory only
 * and is thrown away at midnight UTC, so that nobody, we included, can link two days or compute an id again.
 */
export function createDailyVisitor(): (origin: Origin, now: number) => string {
  let day = Number.NaN;
  let salt = Buffer.alloc(0);

  return function dailyVisitor({ address, userAgent, site }, now) {
    const today = Math.floor(now / DAY_MS);
    if (today !== day) {
      day = today;
      salt = randomBytes(32);
    }
    return createHash("sha256")
      .update(salt)
      .update(JSON.stringify([address, userAgent, site]))
      .digest("hex")
      .slice(0, 32);
  };
}
