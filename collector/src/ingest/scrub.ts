/** As lenient as browsers are with slashes: `https:/user@host` goes to that host too. */
const SCHEME_AND_HOST = /^(?:https?:[\\/]*|[\\/]{2,})[^\\/?#]*/i;

/** `data:`, `file:`, `blob:` and their like: what follows is not a path on the web and may be anything. */
const OTHER_SCHEME = /^(?!https?:)[a-z][a-z0-9+.-]*:/i;

/** An app as referrer, `android-app://com.example`, names a host. The path of `file:` names a user's folders. */
const OTHER_SCHEME_WITH_HOST = /^(?!(?:file|data|blob|javascript):)[a-z][a-z0-9+.-]*:\/\/[^/]/i;

/** `localhost:5173/path`, as an SDK sends it: no scheme, although it looks like one. */
const HOST_AND_PORT = /^[a-z0-9.-]+:\d{1,5}(?:\/|$)/i;

/** A path, after an origin or alone, and perhaps a query, without anything odd, as nearly all addresses are. */
const PLAIN_URL = /^(?:https?:\/\/[\w.:-]+)?\/(?!\/)[\w.~%/-]*(?:\?[\w.~%/=&+-]*)?$/;

/** Host and path after the scheme, and perhaps a query. */
const PLAIN_REFERRER = /^https?:\/\/[\w.:-]+(?:\/[\w.~%/-]*)?(?:\?[\w.~%/=&+-]*)?$/;

/** No slash of `https://` lies here or behind. */
const BEHIND_SCHEME = 8;

/**
 * An address as it may be stored: the path, and of the query only `utm_*`. Origin, fragment and every other parameter
 * are gone. Works on text, not on `URL`, because a path alone is not a URL and nothing here may throw.
 */
export function scrubUrl(url: string): string {
  if (PLAIN_URL.test(url))
    return withCampaignOnly(url.startsWith("/") ? url : url.slice(url.indexOf("/", BEHIND_SCHEME)));
  const whole = withoutInvisible(url);
  const address = OTHER_SCHEME.test(whole) ? "" : whole.replace(SCHEME_AND_HOST, "");
  const [beforeFragment = ""] = address.split("#", 1);
  return withCampaignOnly(withLeadingSlash(beforeFragment));
}

function withCampaignOnly(pathAndQuery: string): string {
  const queryStart = pathAndQuery.indexOf("?");
  if (queryStart === -1) return pathAndQuery;
  const path = pathAndQuery.slice(0, queryStart);
  const query = campaignParameters(pathAndQuery.slice(queryStart + 1));
  return query ? `${path}?${query}` : path;
}

/** A referrer as it may be stored: host and path. No scheme, no user or password, no query, no fragment. */
export function scrubReferrer(referrer: string): string {
  if (PLAIN_REFERRER.test(referrer)) {
    const queryStart = referrer.indexOf("?");
    return referrer.slice(referrer.indexOf("//") + 2, queryStart === -1 ? undefined : queryStart);
  }
  const [address = ""] = withoutInvisible(referrer).split(/[?#]/, 1);
  const hasOtherScheme = OTHER_SCHEME.test(address) && !HOST_AND_PORT.test(address);
  if (hasOtherScheme && !OTHER_SCHEME_WITH_HOST.test(address)) return "";
  const hostAndPath = address.replace(/^(?:https?:[\\/]*|[a-z][a-z0-9+.-]*:\/\/|[\\/]{2,})/i, "");
  const slash = hostAndPath.indexOf("/");
  const authority = slash === -1 ? hostAndPath : hostAndPath.slice(0, slash);
  const host = authority.slice(authority.lastIndexOf("@") + 1);
  return slash === -1 ? host : host + hostAndPath.slice(slash);
}

/** What browsers drop before they read an address: https://url.spec.whatwg.org/#concept-basic-url-parser */
function withoutInvisible(address: string): string {
  return address.replace(/^[^!-\uffff]+|[\t\n\r]/g, "");
}

function campaignParameters(query: string): string {
  return query
    .split("&")
    .filter((parameter) => /^utm_[a-z_]{1,32}=/i.test(parameter))
    .join("&");
}

function withLeadingSlash(path: string): string {
  return path.startsWith("/") ? path : `/${path}`;
}
