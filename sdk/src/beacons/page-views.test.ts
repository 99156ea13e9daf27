import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { spyClient } from "../../test/spy-client.ts";
import { hashPath } from "./hash-path.ts";
import { type PageViewsOptions, pageViews } from "./page-views.ts";

let client: ReturnType<typeof spyClient>;
let stop = (): void => {};

beforeEach(() => {
  history.replaceState({}, "", "/start");
  client = spyClient();
});
afterEach(() => {
  stop();
  Reflect.deleteProperty(document, "prerendering");
});

function start(options?: PageViewsOptions): void {
  stop = pageViews(options)(client);
}

/** What the browser does on back and forward, and when the fragment changes: both events, one after the other. */
function traverseTo(address: string): void {
  // Not through history.replaceState, which the beacon hears.
  Object.getPrototypeOf(history).replaceState.call(history, {}, "", address);
  dispatchEvent(new Event("popstate"));
  dispatchEvent(new Event("hashchange"));
}

// happy-dom's PageTransitionEvent does not take `persisted`.
const pageShow = (persisted: boolean) => Object.assign(new Event("pageshow"), { persisted });
const views = () => client.tracked().map(([name, , page]) => [name, page?.url, page?.referrer]);
/** A referrer, which names its host: the collector keeps that. */
const at = (path: string) => `http://localhost:3000${path}`;

describe("pageViews", () => {
  it("counts the load, with what the document says of title and referrer", () => {
    start();
    expect(client.tracked()).toEqual([["page_view", null, { url: "/start" }]]);
  });

  it("hands the campaign of the address on", () => {
    history.replaceState({}, "", "/start?utm_source=news");
    start();
    expect(views()).toEqual([["page_view", "/start?utm_source=news", undefined]]);
  });

  it("counts navigations inside the page, each with the address before it as referrer and without the old title", () => {
    start();
    history.pushState({}, "", "/a?b=1");
    history.replaceState({}, "", "/c");
    traverseTo("/a");
    expect(views().slice(1)).toEqual([
      ["page_view", "/a?b=1", at("/start")],
      ["page_view", "/c", at("/a")],
      ["page_view", "/a", at("/c")],
    ]);
    expect(
      client
        .tracked()
        .slice(1)
        .every(([, , page]) => page?.title === ""),
    ).toBe(true);
  });

  it("counts during the navigation, so that what the page tracks next comes after", () => {
    start();
    history.pushState({}, "", "/a");
    client.track("custom");
    expect(client.tracked().map(([name]) => name)).toEqual(["page_view", "page_view", "custom"]);
  });

  it("comes before what the page's router tracks on back and forward", () => {
    const onPopState = () => client.track("router");
    addEventListener("popstate", onPopState);
    start();
    traverseTo("/a");
    removeEventListener("popstate", onPopState);
    expect(client.tracked().map(([name]) => name)).toEqual(["page_view", "page_view", "router"]);
  });

  it("does not count where the path stays", () => {
    start();
    history.pushState({}, "", "/start?tab=2");
    history.replaceState({ scroll: 10 }, "", "/start#part");
    history.pushState({ dialog: true }, "");
    traverseTo("/start#other");
    expect(client.tracked()).toHaveLength(1);
  });

  it("counts a page that comes back from the back/forward cache, and not its first pageshow", () => {
    start();
    dispatchEvent(pageShow(false));
    expect(client.tracked()).toHaveLength(1);
    dispatchEvent(pageShow(true));
    expect(client.tracked()).toEqual([
      ["page_view", null, { url: "/start" }],
      ["page_view", null, { url: "/start" }],
    ]);
  });

  it("counts a prerendered page when it is shown, once, and not at all where it never is", () => {
    Object.defineProperty(document, "prerendering", { configurable: true, value: true });
    start();
    history.replaceState({}, "", "/redirected");
    expect(client.tracked()).toHaveLength(0);
    Object.defineProperty(document, "prerendering", { configurable: true, value: false });
    document.dispatchEvent(new Event("prerenderingchange", { bubbles: true }));
    expect(client.tracked()).toEqual([["page_view", null, { url: "/redirected" }]]);
  });

  it("counts nothing after stop, and leaves the page as it found it", () => {
    const { pushState, replaceState } = history;
    start();
    stop();
    history.pushState({}, "", "/a");
    traverseTo("/b");
    dispatchEvent(pageShow(true));
    expect(client.tracked()).toHaveLength(1);
    expect(history.pushState).toBe(pushState);
    expect(history.replaceState).toBe(replaceState);
  });

  it("may be started again after stop, and counts the page again then, once", () => {
    const beacon = pageViews();
    beacon(client)();
    stop = beacon(client);
    history.pushState({}, "", "/a");
    expect(views().map(([, url]) => url)).toEqual(["/start", "/start", "/a"]);
  });

  it("counts nothing after stop, though somebody has patched the history since and still calls", () => {
    start();
    const patched = history.pushState;
    history.pushState = (...args) => patched.apply(history, args);
    stop();
    history.pushState({}, "", "/a");
    expect(location.pathname).toBe("/a");
    expect(client.tracked()).toHaveLength(1);
    history.pushState = Object.getPrototypeOf(history).pushState;
  });

  it("does not count fragments", () => {
    start();
    traverseTo("/start#/users/1");
    expect(client.tracked()).toHaveLength(1);
  });

  it("takes the page's own idea of a path: what stays the same there is one page", () => {
    start({ path: () => location.pathname.replace(/\d+/, ":id") });
    history.pushState({}, "", "/users/1?tab=2");
    history.pushState({}, "", "/users/2");
    expect(views()).toEqual([
      ["page_view", "/start", undefined],
      ["page_view", "/users/:id?tab=2", at("/start")],
    ]);
  });

  it("counts a route of a hash router once, though the browser fires popstate and hashchange", () => {
    start({ path: hashPath });
    traverseTo("/start#/users/1");
    traverseTo("/start#/users/2?page=1");
    traverseTo("/start#/users/2?page=2");
    expect(views()).toEqual([
      ["page_view", "/start", undefined],
      ["page_view", "/start/users/1", at("/start")],
      ["page_view", "/start/users/2", at("/start/users/1")],
    ]);
  });
});
