import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { setVisibility } from "../../test/fake-collector.ts";
import { openClientLab, settle } from "../../test/open-client-lab.ts";
import { spyClient } from "../../test/spy-client.ts";
import { LEAVE } from "../core/lifecycle.ts";
import { hashPath } from "./hash-path.ts";
import { type PageViewsOptions, pageViews } from "./page-views.ts";

/** What the browser does on back and forward, and when the fragment changes: both events, one after the other. */
function traverseTo(address: string): void {
  // Not through history.replaceState, which the beacon hears.
  Object.getPrototypeOf(history).replaceState.call(history, {}, "", address);
  dispatchEvent(new Event("popstate"));
  dispatchEvent(new Event("hashchange"));
}

// happy-dom's PageTransitionEvent does not take `persisted`.
const pageShow = (persisted: boolean) => Object.assign(new Event("pageshow"), { persisted });
/** A whole address, whose host the collector keeps of a referrer. */
const at = (path: string) => `http://localhost:3000${path}`;

describe("pageViews", () => {
  let client: ReturnType<typeof spyClient>;
  let stop = (): void => {};

  beforeEach(() => {
    history.replaceState({}, "", "/start");
    client = spyClient();
  });
  afterEach(() => {
    stop();
    setVisibility("visible");
    vi.restoreAllMocks();
  });

  function start(options?: PageViewsOptions): void {
    stop = pageViews(options)(client);
  }

  const views = () => client.tracked().map(([name, , page]) => [name, page?.url, page?.referrer]);
  const navigations = () => client.tracked().map(([, metadata]) => metadata?.navigation);

  it("counts the load, with what the document says of the referrer", () => {
    start();
    expect(views()).toEqual([["page_view", at("/start"), undefined]]);
  });

  it("hands the campaign of the address on, and nothing else of the query", () => {
    history.replaceState({}, "", "/start?token=1&utm_source=news#part");
    start();
    expect(views()).toEqual([["page_view", at("/start?utm_source=news"), undefined]]);
  });

  it("counts navigations inside the page, each with the address before it as referrer", () => {
    start();
    history.pushState({}, "", "/a?b=1");
    history.replaceState({}, "", "/c");
    traverseTo("/a");
    expect(views().slice(1)).toEqual([
      ["page_view", at("/a"), at("/start")],
      ["page_view", at("/c"), at("/a")],
      ["page_view", at("/a"), at("/c")],
    ]);
  });

  it("says how the view came about", () => {
    vi.spyOn(performance, "getEntriesByType").mockReturnValue([{ type: "reload" } as unknown as PerformanceEntry]);
    start();
    history.pushState({}, "", "/a");
    traverseTo("/b");
    dispatchEvent(pageShow(true));
    history.pushState({}, "", "/c");
    expect(navigations()).toEqual([
      "reload",
      "soft_navigation",
      "soft_navigation",
      "back_forward_cache",
      "soft_navigation",
    ]);
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
    expect(views()).toEqual([
      ["page_view", at("/start"), undefined],
      ["page_view", at("/start"), undefined],
    ]);
  });

  it("counts a page that nobody sees yet, prerendered or in the background, when it is shown, once", () => {
    setVisibility("hidden");
    start();
    history.replaceState({}, "", "/redirected");
    expect(client.tracked()).toHaveLength(0);
    setVisibility("visible");
    setVisibility("hidden");
    setVisibility("visible");
    expect(views()).toEqual([["page_view", at("/redirected"), undefined]]);
  });

  it("counts a prerendered page once, though Chromium says that it is visible a moment before it is shown", () => {
    Object.defineProperty(document, "prerendering", { configurable: true, value: true });
    setVisibility("hidden");
    start();
    setVisibility("visible");
    Reflect.deleteProperty(document, "prerendering");
    document.dispatchEvent(new Event("prerenderingchange", { bubbles: true }));
    expect(client.tracked()).toHaveLength(1);
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
    expect(views().map(([, url]) => url)).toEqual([at("/start"), at("/start"), at("/a")]);
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
      ["page_view", "/users/:id", "/start"],
    ]);
  });

  it("does not ask for the path at each click", () => {
    const path = vi.fn(() => location.pathname);
    start({ path });
    document.body.click();
    expect(path).toHaveBeenCalledTimes(1);
  });

  it("lets the page navigate where its idea of a path throws", () => {
    vi.spyOn(console, "warn").mockImplementation(() => {});
    start({
      path: () => {
        throw new TypeError("the page's own");
      },
    });
    expect(() => history.pushState({}, "", "/a")).not.toThrow();
    expect(client.tracked()).toHaveLength(0);
  });

  it("counts a route of a hash router once, though the browser fires popstate and hashchange", () => {
    start({ path: hashPath });
    traverseTo("/start#/users/1");
    traverseTo("/start#/users/2?page=1");
    traverseTo("/start#/users/2?page=2");
    expect(views()).toEqual([
      ["page_view", at("/start"), undefined],
      ["page_view", at("/start/users/1"), at("/start")],
      ["page_view", at("/start/users/2"), at("/start/users/1")],
    ]);
  });
});

describe("a page view", () => {
  const { begin } = openClientLab();

  /** Events that the collector has by now, after all that waits has left. */
  async function sent(options: PageViewsOptions = {}, visit: (tick: (ms: number) => Promise<unknown>) => unknown) {
    const { client, collector } = begin({ beacons: [pageViews(options)] });
    await visit((ms) => vi.advanceTimersByTimeAsync(ms));
    await client.flush();
    await settle();
    return collector.events();
  }

  it("has the new title, though the page sets it a moment after the navigation", async () => {
    const events = await sent({}, async (tick) => {
      await tick(1000);
      history.pushState({}, "", "/a");
      await tick(50);
      document.title = "A";
      await tick(100);
      document.title = "A (1)";
    });
    expect(events.map(({ url, title }) => [url, title])).toEqual([
      ["/shop", "Shop"],
      ["/a", "A"],
    ]);
  });

  it("that is redirected counts once, under its last address", async () => {
    const events = await sent({}, async (tick) => {
      await tick(1000);
      history.pushState({}, "", "/a");
      await tick(10);
      history.replaceState({}, "", "/b");
      await tick(10);
      history.pushState({}, "", "/c");
      document.title = "C";
    });
    expect(events.map(({ url, title, referrer }) => [url, title, referrer])).toEqual([
      ["/shop", "Shop", ""],
      ["/c", "C", at("/shop")],
    ]);
  });

  it("that the visitor has clicked away from at once was none", async () => {
    const events = await sent({}, async (tick) => {
      await tick(1000);
      for (const path of ["/a", "/b"]) {
        document.body.click();
        history.pushState({}, "", path);
        await tick(10);
      }
      history.pushState({}, "", "/c");
      await tick(10);
      traverseTo("/b");
    });
    expect(events.map(({ url }) => url)).toEqual(["/shop", "/a", "/c", "/b"]);
  });

  it("that was in no hurry to move on is a view of its own", async () => {
    const events = await sent({}, async (tick) => {
      await tick(101);
      history.pushState({}, "", "/a");
      await tick(101);
      history.pushState({}, "", "/b");
    });
    expect(events.map(({ url }) => url)).toEqual(["/shop", "/a", "/b"]);
  });

  it("has an id, which every later event carries with its address until the next one", async () => {
    const { client, collector } = begin({ beacons: [pageViews()] });
    client.track("first");
    await vi.advanceTimersByTimeAsync(1000);
    history.pushState({}, "", "/a");
    client.track("second");
    await client.flush();
    const ids = collector.events().map(({ page_view_id }) => page_view_id);
    expect(ids).toEqual([ids[0], ids[0], ids[2], ids[2]]);
    expect(ids[0]).toMatch(/^\d+-\d+-\d+-\d+$/);
    expect(ids[2]).not.toBe(ids[0]);
    expect(collector.events().map(({ url }) => url)).toEqual(["/shop", "/shop", "/a", "/a"]);
  });

  it("that is not to be counted ends the one before it: what follows belongs to none", async () => {
    const left = vi.fn();
    addEventListener(LEAVE, left);
    const { client, collector } = begin({
      beacons: [pageViews({ path: () => (location.pathname === "/admin" ? "" : location.pathname) })],
    });
    await vi.advanceTimersByTimeAsync(1000);
    left.mockClear();
    history.pushState({}, "", "/admin");
    expect(left).toHaveBeenCalledTimes(1);
    client.track("hidden");
    await vi.advanceTimersByTimeAsync(1000);
    history.pushState({}, "", "/shop");
    await client.flush();
    removeEventListener(LEAVE, left);
    expect(collector.events().map(({ event, url, referrer }) => [event, url, referrer])).toEqual([
      ["page_view", "/shop", ""],
      ["hidden", "/admin", ""],
      ["page_view", "/shop", ""],
    ]);
    expect(collector.events()[1]).not.toHaveProperty("page_view_id");
  });
});
