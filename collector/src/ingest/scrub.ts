const SCHEME_AND_HOST = /^(?:https?:)?\/\/[^/?#]*/i;

/** `data:`, `file:`, `blob:` and their like: what follows is not a path on the web and may be anything. */
const OTHER_SCHEME = /^(?!https?:)[a-z][a-z0-9+.-]*:/i;

/**
 * An address as it may be stored: the path, and of the query only `utm_*`. Origin, fragment and every other parameter
 * are gone. Works on text, not on `URL`, because a path alone is not a URL and nothing here may throw.
 */
export function scrubUrl(url: string): string {
  const address = OTHER_SCHEME.test(url) ? "" : url.replace(SCHEME_AND_HOST, "");
  const [beforeFragment = ""] = address.split("#", 1);
  const queryStart = beforeFragment.indexOf("?");
  const path = withLeadingSlash(queryStart === -1 ? beforeFragment : beforeFragment.slice(0, queryStart));
  const query = queryStart === -1 ? "" : campaignParameters(beforeFragment.slice(queryStart + 1));
  return query ? `${path}?${query}` : path;
}

/** A referrer as it may be stored: host and path. No scheme, no user or password, no query, no fragment. */
export function scrubReferrer(referrer: string): string {
  // An app as referrer, `android-app://com.example`, names a host; `data:` and the like do not.
  if (OTHER_SCHEME.test(referrer) && !referrer.includes("://")) return "";
  const [address = ""] = referrer.split(/[?#]/, 1);
  const hostAndPath = address.replace(/^(?:[a-z][a-z0-9+.-]*:)?\/\//i, "");
  const slash = hostAndPath.indexOf("/");
  const authority = slash === -1 ? hostAndPath : hostAndPath.slice(0, slash);
  const host = authority.slice(authority.lastIndexOf("@") + 1);
  return slash === -1 ? host : host + hostAndPath.slice(slash);
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
