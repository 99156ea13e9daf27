import { expect, it, vi } from "vitest";
import { openClientLab } from "../../test/open-client-lab.ts";
import { spyClient } from "../../test/spy-client.ts";
import { pageViews } from "./page-views.ts";
import { queryPath } from "./query-path.ts";

const { begin } = openClientLab();

function told(address: string, ...keys: readonly string[]): string {
  history.replaceState({}, "", address);
  return queryPath(...keys)();
}

/** How many views there are of these pages, one after the other. */
function views(path: (() => string) | undefined, ...addresses: readonly string[]): number {
  history.replaceState({}, "", "/list");
  const client = spyClient();
  const stop = pageViews(path && { path })(client);
  for (const address of addresses) history.pushState({}, "", address);
  stop();
  return client.tracked().length;
}

it("takes the named keys as part of the page, and no other", () => {
  expect(told("/list?tab=2&token=1#part", "tab")).toBe(`${location.origin}/list?tab=2`);
  expect(told("/list?tab=2&token=1", "tab", "page")).toBe(told("/list?token=3&tab=2", "tab", "page"));
});

it("takes all keys where none is named", () => {
  expect(told("/list?a=1&b=2#part")).toBe(`${location.origin}/list?a=1&b=2`);
});

it("keeps the campaign", () => {
  expect(told("/list?utm_source=x&token=1", "tab")).toBe(`${location.origin}/list?utm_source=x`);
});

it("makes a page of each value for pageViews, which without it knows one", () => {
  expect(views(queryPath("tab"), "?tab=2", "?tab=2&token=1", "?tab=3")).toBe(3);
  expect(views(queryPath(), "?tab=2", "?tab=2&token=1", "?tab=3")).toBe(4);
  expect(views(undefined, "?tab=2", "?tab=2&token=1", "?tab=3")).toBe(1);
});

it("has nothing of the query sent but the campaign", async () => {
  history.replaceState({}, "", "/list?tab=secret&utm_source=x");
  const { client, collector } = begin({ beacons: [pageViews({ path: queryPath("tab") })] });
  // What moves on within 0.1 s was a redirect.
  await vi.advanceTimersByTimeAsync(200);
  history.pushState({}, "", "/list?tab=secret2");
  await client.flush();
  expect(collector.events()).toHaveLength(2);
  expect(JSON.stringify(collector.events())).not.toContain("secret");
  expect(JSON.stringify(collector.events())).toContain("/list?utm_source=x");
});
