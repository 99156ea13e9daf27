import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { spyClient } from "../../test/spy-client.ts";
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
const at = (path: string) => `http://localhost:3000${path}`;

describe("pageViews", () => {
  it("counts the load, with what the document says of title and referrer", () => {
    start();
    expect(client.tracked()).toEqual([["page_view", undefined, { url: at("/start") }]]);
  });

  it("hands the campaign of the address on", () => {
    history.replaceState({}, "", "/start?utm_source=news");
    start();
    expect(views()).toEqual([["page_view", at("/start?utm_source=news"), undefined]]);
  });

  it("counts navigations inside the page, each with the address before it as referrer and without the old title", () => {
    start();
    history.pushState({}, "", "/a?b=1");
    history.replaceState({}, "", "/c");
    traverseTo("/a");
    expect(views().slice(1)).toEqual([
      ["page_view", at("/a?b=1"), at("/start")],
      ["page_view", at("/c"), at("/a")],
      ["page_view", at("/a"), at("/c")],
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
      ["page_view", undefined, { url: at("/start") }],
      ["page_view", undefined, { url: at("/start") }],
    ]);
  });

  it("counts a prerendered page when it is shown, once, and not at all where it never is", () => {
    Object.defineProperty(document, "prerendering", { configurable: true, value: true });
    start();
    history.replaceState({}, "", "/redirected");
    expect(client.tracked()).toHaveLength(0);
    Object.defineProperty(document, "prerendering", { configurable: true, value: false });
    document.dispatchEvent(new Event("prerenderingchange", { bubbles: true }));
    expect(client.tracked()).toEqual([["page_view", undefined, { url: at("/redirected") }]]);
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

  describe("with a hash router", () => {
    it("counts a route once, though the browser fires popstate and hashchange", () => {
      start({ hash: true });
      traverseTo("/start#/users/1");
      traverseTo("/start#/users/2");
      expect(views()).toEqual([
        ["page_view", at("/start"), undefined],
        ["page_view", at("/start/users/1"), at("/start")],
        ["page_view", at("/start/users/2"), at("/start/users/1")],
      ]);
    });

    it.each([
      ["/#/users", "/users"],
      ["/#!/users", "/users"],
      ["/#users", "/users"],
      ["/app/#/users", "/app/users"],
      ["/#/", "/"],
      ["/#", "/"],
      ["/#/users?token=1", "/users"],
      ["/#access_token=secret", "/access_token"],
      ["/?utm_source=x#/users", "/users?utm_source=x"],
    ])("sends %s as %s", (address, url) => {
      history.replaceState({}, "", address);
      start({ hash: true });
      expect(client.tracked()[0]?.[2]).toEqual({ url: at(url) });
    });

    it("does not count where only the fragment's query changes", () => {
      start({ hash: true });
      traverseTo("/start#/users?page=1");
      traverseTo("/start#/users?page=2");
      expect(client.tracked()).toHaveLength(2);
    });
  });

  it("does not count fragments without one", () => {
    start();
    traverseTo("/start#/users/1");
    expect(client.tracked()).toHaveLength(1);
  });
});
