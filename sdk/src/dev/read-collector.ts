/** Where to read from, and by what right. */
export interface ReadOptions {
  /** The collector's address as in `TallymarkOptions`; `""` means the page's own origin. */
  readonly endpoint: string;
  /** The collector's `METRICS_READ_TOKEN`. Leave it out where the collector listens on loopback without one. */
  readonly token?: string;
  /** Gives up; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * GETs JSON from the collector.
 * @param isAnswer recognises the body that was hoped for; it decides alone, since a health of 503 is an answer too
 * @throws an Error in one sentence: what happened, and what mends it. It never holds the token or a query string.
 */
export async function readCollector<T>(
  path: string,
  { endpoint, token, signal }: ReadOptions,
  isAnswer: (body: unknown, status: number) => body is T,
): Promise<T> {
  const collector = `The Tallymark collector at ${nameOf(endpoint)}`;
  const response = await request(collector, `${endpoint.replace(/\/+$/, "")}${path}`, token, signal);
  const body = await response.json().catch(() => undefined);
  signal?.throwIfAborted();
  if (isAnswer(body, response.status)) return body;
  throw new Error(`${collector} ${refusal(response.status, token !== undefined)}.`);
}

async function request(collector: string, url: string, token?: string, signal?: AbortSignal): Promise<Response> {
  try {
    return await fetch(url, {
      cache: "no-store",
      credentials: "omit",
      headers: token === undefined ? {} : { Authorization: `Bearer ${token}` },
      signal: signal ?? null,
    });
  } catch {
    signal?.throwIfAborted();
    throw new Error(`${collector} did not answer: is it running there, and is ${pageOrigin()} in its ALLOWED_ORIGINS?`);
  }
}

function refusal(status: number, hasToken: boolean): string {
  if (status === 401 && hasToken) return "does not know this read token: pass the read token it was started with";
  if (status === 401) return "asks for its read token: pass the read token (METRICS_READ_TOKEN) as `token`";
  if (status === 403) return `does not let this page in: add ${pageOrigin()} to its ALLOWED_ORIGINS`;
  if (status === 429) return "is asked too often: raise `intervalMs`, or close other tabs with developer tools";
  if (status >= 500) return `answered ${status}: look into its log`;
  return `gave no answer of a collector (HTTP ${status}): check that \`endpoint\` is the collector's address`;
}

function nameOf(endpoint: string): string {
  try {
    const { origin, pathname } = new URL(endpoint, globalThis.location?.href);
    return `${origin}${pathname}`.replace(/\/+$/, "");
  } catch {
    return "the given endpoint (which is no address)";
  }
}

function pageOrigin(): string {
  return globalThis.location?.origin ?? "this origin";
}
