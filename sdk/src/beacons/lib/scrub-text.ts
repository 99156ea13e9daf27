import { scrub } from "../../core/scrub.ts";

/**
 * Characters of a text that is told: with ten frames of half as many, what is told of an error stays below
 * `MAX_METADATA_BYTES`.
 */
const MAX_LENGTH = 300;

/**
 * What may be sent of a text that somebody else has written, such as the message of an error: on one line, and cut. Each
 * address in it is scrubbed, with what follows it without a space. Of `data:`, `file:`, `blob:` and the addresses of
 * extensions the scheme is left: the rest is the document itself, the user's folders, or in Firefox an id of this very
 * browser: https://developer.mozilla.org/docs/Mozilla/Add-ons/WebExtensions/manifest.json/web_accessible_resources.
 * E-mail addresses go as well.
 */
export function scrubText(text: string, maxLength = MAX_LENGTH): string {
  // Who throws a whole document must not hold up the page. Cut at a space: half an address does not look like one.
  return text
    .replace(/(.{0,1000})(?!\S).*|.*/s, "$1")
    .replace(/[\p{Cc}\p{Cs}]+/gu, " ")
    .replace(/\b(data|file|blob|[a-z-]{1,20}-extension):\S+/g, "$1…")
    .replace(/[^\s"'`(<[]\S*/g, (word) => (/[/:=]/.test(word) ? scrub(word) : word))
    .replace(/[^\s/@]{1,64}@[^\s/@]+\.\p{L}{2,}/gu, "…@…")
    .slice(0, maxLength);
}
