import { scrub } from "../core/scrub.ts";

/** Settings of `routePath`. */
export interface RoutePathOptions {
  /** Patterns of pages that are not counted (default: none). */
  readonly exclude?: readonly string[];
}

/**
 * For `pageViews({ path: routePath(["/users/:id", "/files/*"], { exclude: ["/admin/*"] }) })`: tells the pattern in place
 * of the path that matches it, so that `/users/1` and `/users/2` are one page, of which no id is sent. The first pattern
 * that matches is told. `:id` is one part of the path, `*` is the rest of it, and a slash at the end may be there or not;
 * all else stands for itself, as `location.pathname` has it. What matches none is told as it is.
 *
 * From one page to another of the same pattern there is no view.
 */
export function routePath(patterns: readonly string[], { exclude = [] }: RoutePathOptions = {}): () => string {
  const matches = (pattern: string): boolean =>
    new RegExp(
      `^${`${pattern}`
        .replace(/[\\^$.|?+()[\]{}]/g, "\\$&")
        .replace(/:\w+/g, "[^/]+")
        .replace(/\*/g, ".*")}/?$`,
    ).test(location.pathname);
  return function toRoute() {
    if (exclude.some(matches)) return "";
    const pattern = patterns.find(matches);
    return pattern ? location.origin + pattern + scrub(location.search) : scrub(location.href);
  };
}
