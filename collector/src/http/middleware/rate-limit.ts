import { createHash, randomBytes } from "node:crypto";
import { createMiddleware } from "hono/factory";
import { refusal } from "../answer.ts";
import type { ClientAddress } from "../client-address.ts";
import type { CollectorEnv } from "../env.ts";
import { respond } from "../error-answer.ts";
import { networkOf } from "../network-of.ts";

const WINDOW_MS = 60_000;

/** Counters in each of two rows: 32 KiB in all, whoever asks. */
const SLOTS = 8192;

export interface RateLimitOptions {
  /** Requests of one client in a minute. */
  readonly perMinute: number;
  readonly clientAddress: ClientAddress;
  readonly onLimited: () => void;
  /** Monotonic clock, in ms. */
  readonly clock?: () => number;
}

/**
 * So many requests a minute for each client, an IPv6 one by its /64. Counts in a fixed table, in which a client has one slot
 * in each of two rows and the lower one counts: nothing grows with the number of addresses, and no address is kept. Only
 * when thousands of networks ask within a minute may one be refused for what others did.
 */
export function rateLimit({ perMinute, clientAddress, onLimited, clock = () => performance.now() }: RateLimitOptions) {
  const secret = randomBytes(16);
  const counts = new Uint16Array(2 * SLOTS);
  let windowEnd = 0;

  return createMiddleware<CollectorEnv>(async function rateLimit(c, next) {
    const now = clock();
    if (now >= windowEnd) {
      counts.fill(0);
      windowEnd = now + WINDOW_MS;
    }
    const address = clientAddress(c.env?.incoming?.socket.remoteAddress, c.req.header("x-forwarded-for"));
    if (count(networkOf(address)) <= perMinute) return next();
    onLimited();
    return respond(c, refusal("rate_limited", undefined, Math.ceil((windowEnd - now) / 1000)));
  });

  /** Counts one more; returns how many that makes. */
  function count(network: string): number {
    const digest = createHash("sha256").update(secret).update(network).digest();
    const slots = [digest.readUInt32LE(0) % SLOTS, SLOTS + (digest.readUInt32LE(4) % SLOTS)];
    const reached = slots.map((slot) => Math.min((counts[slot] ?? 0) + 1, 0xffff));
    slots.forEach((slot, row) => {
      counts[slot] = reached[row] ?? 0;
    });
    return Math.min(...reached);
  }
}
