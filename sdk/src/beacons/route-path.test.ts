import { expect, it } from "vitest";
import { spyClient } from "../../test/spy-client.ts";
import { pageViews } from "./page-views.ts";
import { routePath } from "./route-path.ts";

const PATTERNS = ["/users/new", "/users/:id", "/users/:id/posts/:post_id", "/files/*", "/a.b+(c)", "/"];

/** What is told of an address, without the origin. */
function told(address: string, path: () => string): string {
  history.replaceState({}, "", address);
  return path().replace(location.origin, "");
}

it.each([
  ["/users/new", "/users/new"],
  ["/users/1", "/users/:id"],
  ["/users/1/", "/users/:id"],
  ["/users/1/posts/2?token=1#part", "/users/:id/posts/:post_id"],
  ["/users/1/settings", "/users/1/settings"],
  ["/users/", "/users/"],
  ["/files/a/b.pdf", "/files/*"],
  ["/files", "/files"],
  ["/a.b+(c)", "/a.b+(c)"],
  ["/aXb+(c)", "/aXb+(c)"],
  ["/", "/"],
  ["/other?token=1#part", "/other"],
  ["/users/1?token=1&utm_source=x&b=2&utm_medium=y", "/users/:id?utm_source=x&utm_medium=y"],
  ["/other?utm_source=x&token=1", "/other?utm_source=x"],
])("tells %s as %s", (address, path) => {
  expect(told(address, routePath(PATTERNS))).toBe(path);
});

it("tells a whole address", () => {
  history.replaceState({}, "", "/users/1");
  expect(routePath(PATTERNS)()).toBe(`${location.origin}/users/:id`);
});

it("tells nothing of pages to leave out, which come first", () => {
  const path = routePath(["/admin/users", "/*"], { exclude: ["/admin/*", "/login"] });
  expect(["/admin/users", "/login", "/login/help", "/admin"].map((address) => told(address, path))).toEqual([
    "",
    "",
    "/*",
    "/*",
  ]);
});

it.each([["("], ["["], ["\\"], ["users/:id"], [""], [undefined], [null], [1], [{}], [/users/]])(
  "passes over the pattern %s",
  (pattern) => {
    const path = routePath([pattern as string, "/users/:id"], { exclude: [pattern as string] });
    expect(told("/users/1", path)).toBe("/users/:id");
  },
);

it("gives pageViews one page for all that match, and none for pages that are left out", () => {
  history.replaceState({}, "", "/users/1");
  const client = spyClient();
  const stop = pageViews({ path: routePath(PATTERNS, { exclude: ["/admin/*"] }) })(client);
  for (const address of ["/users/2", "/other", "/admin/1", "/users/3"]) history.pushState({}, "", address);
  stop();
  expect(client.tracked().map(([, , page]) => page?.url?.replace(location.origin, ""))).toEqual([
    "/users/:id",
    "/other",
    "/users/:id",
  ]);
});
