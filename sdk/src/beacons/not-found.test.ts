import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openClientLab } from "../../test/open-client-lab.ts";
import { type NotFoundOptions, notFound } from "./not-found.ts";
import { pageViews } from "./page-views.ts";

const { begin } = openClientLab();

beforeEach(() => {
  document.body.innerHTML = "<main></main>";
});
afterEach(() => {
  vi.restoreAllMocks();
});

function loadWith(responseStatus: number): void {
  vi.spyOn(performance, "getEntriesByType").mockReturnValue([{ type: "navigate", responseStatus } as never]);
}

/** Shows or takes away what a page for 404 has in it. */
function mark(isMarked = true): void {
  document.querySelector("main")?.toggleAttribute("data-tallymark-not-found", isMarked);
}

function startPage(options?: NotFoundOptions) {
  const { client, collector } = begin({ beacons: [notFound(options), pageViews()] });
  return {
    client,
    /** Paths of the views that were not found. */
    async paths() {
      await client.flush();
      const events = collector.events();
      const views = new Set(events.filter(({ event }) => event === "page_view").map((view) => view.page_view_id));
      const found = events.filter(({ event }) => event === "not_found");
      expect(found.every((event) => views.has(event.page_view_id) && event.metadata === undefined)).toBe(true);
      return found.map(({ url }) => new URL(url as string, document.URL).pathname);
    },
  };
}

const settle = () => vi.advanceTimersByTimeAsync(1000);

describe("notFound", () => {
  it("tracks a document that came with status 404, once, and not the view after it", async () => {
    loadWith(404);
    const { paths } = startPage();
    await settle();
    history.pushState({}, "", "/next");
    await settle();
    dispatchEvent(new Event("pagehide"));
    expect(await paths()).toEqual(["/shop"]);
  });

  it("tracks it also where it is left at once, inside the page or for another", async () => {
    loadWith(404);
    const { paths } = startPage();
    await vi.advanceTimersByTimeAsync(200);
    history.pushState({}, "", "/next");
    expect(await paths()).toEqual(["/shop"]);
  });

  it("tracks it when the page is left", async () => {
    loadWith(404);
    const { paths } = startPage();
    dispatchEvent(new Event("pagehide"));
    expect(await paths()).toEqual(["/shop"]);
  });

  it.each([200, 0, 410, 500])("tracks nothing for status %i", async (status) => {
    loadWith(status);
    const { paths } = startPage();
    await settle();
    expect(await paths()).toEqual([]);
  });

  it("tracks nothing where the browser tells no status", async () => {
    const { paths } = startPage();
    await settle();
    expect(await paths()).toEqual([]);
  });

  it("tracks a view whose page is marked, once, and each such view", async () => {
    const { paths } = startPage();
    await settle();
    history.pushState({}, "", "/a");
    mark();
    await settle();
    document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
    history.pushState({}, "", "/b");
    await settle();
    mark(false);
    history.pushState({}, "", "/c");
    await settle();
    dispatchEvent(new Event("pagehide"));
    expect(await paths()).toEqual(["/a", "/b"]);
  });

  it("sees a mark that comes late when the view is left", async () => {
    const { paths } = startPage();
    await settle();
    mark();
    await settle();
    expect(await paths()).toEqual([]);
    dispatchEvent(new Event("pagehide"));
    expect(await paths()).toEqual(["/shop"]);
  });

  it("looks only at the mark where the status is not to count", async () => {
    loadWith(404);
    const { paths } = startPage({ status: false });
    await settle();
    expect(await paths()).toEqual([]);
    mark();
    dispatchEvent(new Event("pagehide"));
    expect(await paths()).toEqual(["/shop"]);
  });

  it("tracks nothing without a page view, and no timer after stop", async () => {
    mark();
    const { client, collector } = begin({ beacons: [notFound()] });
    await settle();
    dispatchEvent(new Event("pagehide"));
    expect(collector.events()).toEqual([]);
    client.stop();
    expect(vi.getTimerCount()).toBe(0);
  });
});
