/**
 * Whether `HOST` can only be reached from this machine, by the looks of it. A name or a spelling that is not plain counts
 * as reachable from outside: the read token that is then made harms nobody.
 */
export function isLoopbackHost(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/.test(host);
}
