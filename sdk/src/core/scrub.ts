import { MAX_URL_LENGTH } from "../protocol/limits.ts";

/**
 * What may be sent of a page's address: its path and the `utm_*` parameters. `""` for what is neither http(s) nor a
 * path: a `file:` address names the user's folders, and a `data:` address is the document itself.
 */
export function scrubUrl(address: string): string {
  const path = address.replace(/^https?:\/\/[^/?#]*|[?#].*/gis, "");
  const campaign = address
    .match(/[?&]utm_[^&#]*/g)
    ?.join("")
    .slice(1);
  return path.startsWith("/") ? (path + (campaign ? `?${campaign}` : "")).slice(0, MAX_URL_LENGTH) : "";
}

/** What may be sent of another page's address: host and path. No credentials, no query, no fragment. */
export function scrubReferrer(address: string): string {
  // Android apps refer as `android-app://package/`.
  return address.replace(/^[^/?#]*\/\/([^/?#]*@)?|[?#].*/gs, "").slice(0, MAX_URL_LENGTH);
}
