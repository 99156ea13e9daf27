import { scrub } from "../core/scrub.ts";

/**
 * For `pageViews({ path: hashPath })`, where a hash router makes `#/users/1` a page of its own: the fragment as a part of
 * the path. What follows `?`, `&` or `=` in it is left out: it may be a secret, such as an access token.
 */
export function hashPath(): string {
  const path = (location.pathname + location.hash).replace(/\/?#!?\/?([^?&=]*).*/, "/$1");
  return location.origin + path + scrub(location.search);
}
