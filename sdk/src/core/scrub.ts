/**
 * What may be sent of an address, wherever one appears: no credentials, no fragment, and of the query only `utm_*`.
 */
export function scrub(address = ""): string {
  const campaign = address.match(/[?&]utm_[^&#]*/g) ?? [];
  return address.replace(/(\/\/)[^/?#]*@|[?#].*/gs, "$1") + campaign.join("").replace(/^&/, "?");
}
