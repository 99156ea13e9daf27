import { isIPv6 } from "node:net";

/** The bits of an IPv6 address that tell customers apart: whoever has one has a /64 of them (RFC 6177). */
const NETWORK_GROUPS = 4;

/** What one client's addresses have in common: an IPv4 address itself, of an IPv6 address its /64. */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = "", tail] = address.split("::");
  const first = head.split(":").filter(Boolean);
  const last = tail?.split(":").filter(Boolean) ?? [];
  const zeros = Array.from({ length: Math.max(0, 8 - first.length - last.length) }, () => "0");
  return [...first, ...zeros, ...last]
    .slice(0, NETWORK_GROUPS)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":");
}
