import { byteLength } from "./byte-length.ts";

/** Stands for the status where there is none: no network, blocked; aborted. */
export const NO_ANSWER = 599;

/**
 * Bytes that may still be sent by a page that is left: browsers have one budget of 64 KiB for all its requests. The
 * difference is for other scripts of the page. https://fetch.spec.whatwg.org/#http-network-or-cache-fetch
 */
export let keepaliveBytesLeft = 65_000;

/** Status (`NO_ANSWER` without one), body, and headers. */
export type PostAnswer = readonly [status: number, text?: string, headers?: Headers];

/**
 * Posts JSON. Never rejects. The request outlives the page where the browser's budget has room for it; else it is a plain
 * one. It travels as text/plain, which is what fetch makes of a string and needs no preflight across origins.
 * @param isLeaving the page may be gone before the answer: a browser whose fetch does not outlive the page sends a beacon,
 *   and is taken by its word that it will arrive
 */
export async function post(url: string, body: string, isLeaving?: unknown, signal?: AbortSignal): Promise<PostAnswer> {
  let size = byteLength(body);
  // A plain request takes nothing of the budget.
  if (size > keepaliveBytesLeft) size = 0;
  keepaliveBytesLeft -= size;
  try {
    // Firefox before 133: https://bugzilla.mozilla.org/show_bug.cgi?id=1342484
    if (isLeaving && !("keepalive" in Request.prototype) && navigator.sendBeacon(url, body)) return [0];
    const response = await fetch(url, {
      method: "POST",
      body,
      keepalive: size > 0,
      signal: signal as AbortSignal,
    });
    // To its end: until then the request counts against the browser's budget, and the next large one would be refused.
    return [response.status, await response.text(), response.headers];
  } catch {
    return [NO_ANSWER];
  } finally {
    keepaliveBytesLeft += size;
  }
}

/** Whether the same request may have another answer later. */
export function isRetryable(status: number): boolean {
  return status > 499 || status === 429;
}
