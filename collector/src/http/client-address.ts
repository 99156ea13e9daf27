import { BlockList, isIPv4, isIPv6 } from "node:net";

/**
 * Finds out who asks.
 * @param peer whose connection it is; `undefined` where nobody knows
 * @param forwardedFor the header `X-Forwarded-For`
 */
export type ClientAddress = (peer: string | undefined, forwardedFor: string | undefined) => string;

/**
 * `X-Forwarded-For` counts only as far as it was written by proxies we trust: read from the right, the first address that
 * is not one of theirs is the client's; anything left of it could be forged.
 * @param trustedProxies addresses or CIDRs
 */
export function createClientAddress(trustedProxies: readonly string[]): ClientAddress {
  const trusted = blockListOf(trustedProxies);

  return function clientAddress(peer = "", forwardedFor = "") {
    const address = plainAddress(peer);
    if (!isTrusted(address)) return address;
    const hops = forwardedFor.split(",").map((hop) => plainAddress(hop.trim()));
    return hops.reverse().find((hop) => hop && !isTrusted(hop)) ?? address;
  };

  function isTrusted(address: string): boolean {
    // A look into the list costs more than the rest of this file, even where it is empty.
    if (trustedProxies.length === 0) return false;
    if (isIPv4(address)) return trusted.check(address, "ipv4");
    return isIPv6(address) && trusted.check(address, "ipv6");
  }
}

function blockListOf(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = "", prefix] = range.split("/");
    const family = isIPv4(address) ? "ipv4" : "ipv6";
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return list;
}

/** A dual-stack socket shows IPv4 peers as `::ffff:192.0.2.1` (RFC 4291 §2.5.5.2). */
function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, "");
}
