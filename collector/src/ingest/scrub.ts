/** As lenient as browsers are with slashes: `https:/user@host` goes to that host too. */
const SCHEME_AND_HOST = /^(?:https?:[\\/]*|[\\/]{2,})[^\\/?#]*/i;

/** `data:`, `file:`, `blob:` and their like: what follows is not a path on the web and may be anything. */
const OTHER_SCHEME = /^(?!https?:)[a-z][a-z0-9+.-]*:/i;

/** An app as referrer, `android-app://com.example`, names a host. The path of `file:` names a user's folders. */
const OTHER_SCHEME_WITH_HOST = /^(?!(?:file|data|blob|javascript):)[a-z][a-z0-9+.-]*:\/\/[^/]/i;

/** `localhost:5173/path`, as an SDK sends it: no scheme, although it looks like one. */
const HOST_AND_PORT = /^[a-z0-9.-]+:\d{1,5}(?:\/|$)/i;

/** Nothing but a path, after an origin or alone, as most addresses are: the path is what is stored. */
const PLAIN_URL = /^(?:https?:\/\/[\w.:-]+)?(\/(?!\/)[\w.~%/-]*)$/;

/** Nothing but host and path after the scheme. */
const PLAIN_REFERRER = /^https?:\/\/([\w.:-]+(?:\/[\w.~%/-]*)?)$/;

/**
 * An address as it may be stored: the path, and of the query only `utm_*`. Origin, fragment and every other parameter
 * are gone. Works on text, not on `URL`, because a path alone is not a URL and nothing here may throw.
 */
export function scrubUrl(url: string): string {
  const plain = PLAIN_URL.exec(url)?.[1];
  if (plain !== undefined) return plain;
  const whole = withoutInvisible(url);
  const address = OTHER_SCHEME.test(whole) ? "" : whole.replace(SCHEME_AND_HOST, "");
  const [beforeFragment = ""] = address.split("#", 1);
  const queryStart = beforeFragment.indexOf("?");
  const path = withLeadingSlash(queryStart === -1 ? beforeFragment : beforeFragment.slice(0, queryStart));
  const query = queryStart === -1 ? "" : campaignParameters(beforeFragment.slice(queryStart + 1));
  return query ? `${path}?${query}` : path;
}

/** A referrer as it may be stored: host and path. No scheme, no user or password, no query, no fragment. */
export function scrubReferrer(referrer: string): string {
  const plain = PLAIN_REFERRER.exec(referrer)?.[1];
  if (plain !== undefined) return plain;
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
