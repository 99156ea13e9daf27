const LOCALHOST = /^https?:\/\/(?:localhost|[a-z0-9-]+\.localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/i;

/** Whether a page of this origin may send; `host` is the one it sends to. */
export type OriginRule = (origin: string, host: string | undefined) => boolean;

/**
 * CORS by allow-list (https://fetch.spec.whatwg.org/#http-cors-protocol).
 * @param patterns exact origins, or with one `*.` label in front of the host; `undefined`: same origin and localhost
 */
export function createOriginRule(patterns: readonly string[] | undefined): OriginRule {
  const matchers = patterns?.map(matcherOf);

  return function isAllowed(origin, host) {
    const isListed = matchers ? matchers.some((matches) => matches(origin)) : LOCALHOST.test(origin);
    return isListed || isSameOrigin(origin, host);
  };
}

/** What an answer says to a page that may send. */
export function corsHeaders(origin: string): readonly (readonly [name: string, value: string])[] {
  return [
    ["Access-Control-Allow-Origin", origin],
    ["Access-Control-Expose-Headers", "X-Request-Id, Retry-After"],
  ];
}

/** Compares hosts only: behind a proxy that ends TLS the page says https and we hear http. */
function isSameOrigin(origin: string, host: string | undefined): boolean {
  return URL.canParse(origin) && new URL(origin).host === host?.toLowerCase();
}

function matcherOf(pattern: string): (origin: string) => boolean {
  const [scheme, host] = pattern.toLowerCase().split("://*.");
  if (host === undefined) return (origin) => origin.toLowerCase() === pattern.toLowerCase();
  return (origin) => {
    const prefix = `${scheme}://`;
    const suffix = `.${host}`;
    const lower = origin.toLowerCase();
    if (!lower.startsWith(prefix) || !lower.endsWith(suffix)) return false;
    return /^[a-z0-9-]+$/.test(lower.slice(prefix.length, -suffix.length));
  };
}
