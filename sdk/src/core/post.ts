/**
 * The largest body that is sent, in bytes: browsers refuse to let more than 64 KiB outlive a page, and the collector
 * refuses more (`MAX_BODY_BYTES`). The difference is for other scripts of the page.
 * https://fetch.spec.whatwg.org/#http-network-or-cache-fetch
 */
export const MAX_KEEPALIVE_BYTES = 60_000;

/**
 * Posts JSON, with the time it leaves as `sent_at`; the request outlives the page. Never rejects: without an answer
 * (no network, blocked, aborted) the status is 0. A body that is too large is answered with 413 and does not leave.
 *
 * It travels as text/plain, which is what fetch makes of a string and needs no preflight across origins.
 * @param leaving the page may be gone before the answer: a browser whose fetch does not outlive the page sends a beacon,
 *   and is taken by its word that it will arrive
 */
export async function post(
  url: string,
  content: object,
  leaving?: boolean,
  signal: AbortSignal | null = null,
): Promise<Response> {
  try {
    const body = JSON.stringify({ sent_at: Date.now(), ...content });
    if (new TextEncoder().encode(body).length > MAX_KEEPALIVE_BYTES) return new Response(null, { status: 413 });
    // Firefox before 133: https://bugzilla.mozilla.org/show_bug.cgi?id=1342484
    if (leaving && !("keepalive" in Request.prototype) && navigator.sendBeacon(url, body)) return new Response();
    const response = await fetch(url, {
      method: "POST",
      body,
      keepalive: true,
      credentials: "omit",
      signal,
    });
    // To its end: until then the request counts against the 64 KiB, and the next large one would be refused.
    await response.clone().text();
    return response;
  } catch {
    return Response.error();
  }
}
