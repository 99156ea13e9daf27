import { afterEach, describe, expect, it, vi } from "vitest";
import { openClientLab, START_MS } from "../../test/open-client-lab.ts";
import type { TallymarkOptions } from "../core/options.ts";
import { pageViews } from "./page-views.ts";
import { sessionStart } from "./session-start.ts";

const { begin } = openClientLab();

const MINUTE_MS = 60_000;

afterEach(() => {
  vi.restoreAllMocks();
  Reflect.deleteProperty(document, "referrer");
});

/** What the browser says of the load: the referrer and how it came about. */
function load({ address = "/shop", referrer = "", type = "navigate" } = {}): void {
  history.replaceState({}, "", address);
  Object.defineProperty(document, "referrer", { configurable: true, value: referrer });
  const entry = { type, name: document.URL } as never;
  vi.spyOn(performance, "getEntriesByType").mockReturnValue([entry]);
}

/** Navigates inside the page, where the view before it was no redirect. */
async function moveTo(address: string): Promise<void> {
  await vi.advanceTimersByTimeAsync(200);
  history.pushState({}, "", address);
}

/** Leaves ids as of a page of this browser so long ago. */
function visited(agoMs: number): void {
  localStorage.setItem("tallymark_id", JSON.stringify(["1-2-3-4", "5-6-7-8", START_MS - agoMs]));
}

function startPage(options: Partial<TallymarkOptions> = {}) {
  const { client, collector } = begin({ beacons: [pageViews(), sessionStart()], ...options });
  return {
    client,
    collector,
    /** What the sessions say that have started. */
    async sessions() {
      await client.flush();
      return collector
        .events()
        .filter(({ event }) => event === "session_start")
        .map(({ metadata }) => metadata);
    },
  };
}

describe("sessionStart", () => {
  it("tells of a new visitor's first view who brought them", async () => {
    load({
      address:
        "/shop?utm_source=news&utm_medium=mail&utm_campaign=a%20b&utm_term=c&utm_content=d&utm_id=9&token=1#part",
      referrer: "https://search.example/find?q=secret",
    });
    const { client, collector, sessions } = startPage();
    expect(await sessions()).toEqual([
      {
        utm_source: "news",
        utm_medium: "mail",
        utm_campaign: "a b",
        utm_term: "c",
        utm_content: "d",
        referrer_host: "search.example",
      },
    ]);
    await moveTo("/next");
    client.track("signup");
    await client.flush();
    const [view, session, ...others] = collector.events();
    expect(others.map(({ event }) => event)).toEqual(["page_view", "signup"]);
    expect(session).toMatchObject({
      event: "session_start",
      url: view?.url,
      page_view_id: view?.page_view_id,
      session_id: view?.session_id,
      ts: view?.ts,
    });
    expect(session?.id).not.toBe(view?.id);
    expect(JSON.stringify(collector.events())).not.toContain("secret");
  });

  it.each(["", "http://localhost:3000/before"])(
    "says nothing of itself where the referrer is '%s'",
    async (referrer) => {
      load({ referrer });
      expect(await startPage().sessions()).toEqual([{}]);
    },
  );

  it("keeps the campaign of the load, though the page takes it out of its address at once", async () => {
    load({ address: "/shop?utm_source=news" });
    const { sessions } = startPage();
    history.replaceState({}, "", "/shop");
    expect(await sessions()).toEqual([{ utm_source: "news" }]);
  });

  it.each([
    [1, 0],
    [29 * MINUTE_MS, 0],
    [30 * MINUTE_MS, 1],
    [24 * 60 * MINUTE_MS, 1],
  ])("takes a browser that was last active %i ms ago for %i new sessions", async (agoMs, count) => {
    load({ referrer: "https://search.example/" });
    visited(agoMs);
    expect(await startPage().sessions()).toHaveLength(count);
  });

  it("takes ids for absent that are not ours", async () => {
    load();
    localStorage.setItem("tallymark_id", "something else");
    expect(await startPage().sessions()).toHaveLength(1);
  });

  it("does the same whichever beacon is first", async () => {
    load();
    const { sessions, collector } = startPage({ beacons: [sessionStart(), pageViews()] });
    expect(await sessions()).toHaveLength(1);
    expect(collector.batches()).toEqual([["page_view", "session_start"]]);
  });

  it("counts the next view of a page that was open over night, with nothing of yesterday's address", async () => {
    load({ address: "/shop?utm_source=news", referrer: "https://search.example/" });
    const { client, sessions } = startPage();
    expect(await sessions()).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(29 * MINUTE_MS);
    history.pushState({}, "", "/next");
    expect(await sessions()).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(30 * MINUTE_MS);
    client.track("click_before_the_view");
    expect(await sessions()).toHaveLength(1);
    await moveTo("/morning");
    await moveTo("/later");
    expect((await sessions()).slice(1)).toEqual([{}]);
  });

  it("does not count a second tab, also where the first has long been open", async () => {
    load({ address: "/shop?utm_source=news" });
    const first = startPage();
    expect(await first.sessions()).toHaveLength(1);
    first.client.stop();
    await vi.advanceTimersByTimeAsync(20 * MINUTE_MS);
    expect(await startPage().sessions()).toEqual([]);
  });

  it("counts nothing without a page view, and then the first that comes", async () => {
    load();
    const { client, sessions } = startPage({ beacons: [sessionStart()] });
    client.track("custom");
    expect(await sessions()).toEqual([]);
    client.track("page_view");
    expect(await sessions()).toEqual([{}]);
  });

  it("stores nothing of its own", async () => {
    load();
    await startPage().sessions();
    expect(Object.keys(localStorage)).toEqual(["tallymark_id"]);
    expect(localStorage.getItem("tallymark_id")).toMatch(/^\["[\d-]+","[\d-]+",\d+\]$/);
  });

  it("counts nothing after stop", async () => {
    load();
    const { client, collector } = begin();
    sessionStart()(client)();
    client.track("page_view");
    await client.flush();
    expect(collector.batches()).toEqual([["page_view"]]);
  });

  describe("while consent is pending", () => {
    /** Counts each look at what is stored. */
    function watchStorage() {
      const area = localStorage;
      const reads: unknown[] = [];
      vi.stubGlobal(
        "localStorage",
        new Proxy(area, {
          get: (target, key) => {
            if (key !== "constructor") reads.push(key);
            return Reflect.get(target, key);
          },
          has: (target, key) => {
            reads.push(key);
            return Reflect.has(target, key);
          },
        }),
      );
      return reads;
    }

    it("reads nothing, and tells of the first view once the visitor agrees", async () => {
      load({ address: "/shop?utm_source=news", referrer: "https://search.example/" });
      const reads = watchStorage();
      const { client, collector, sessions } = startPage({ consent: "pending" });
      await vi.advanceTimersByTimeAsync(MINUTE_MS);
      await moveTo("/next");
      dispatchEvent(new Event("pagehide"));
      await vi.advanceTimersByTimeAsync(MINUTE_MS);
      expect(reads).toEqual([]);
      expect(collector.requests).toEqual([]);
      client.optIn();
      expect(await sessions()).toEqual([{ utm_source: "news", referrer_host: "search.example" }]);
      expect(reads).not.toEqual([]);
      const [first, , session] = collector.events();
      expect(session?.page_view_id).toBe(first?.page_view_id);
    });

    it("knows the session of the page before, though the visitor has looked at this one for long", async () => {
      load();
      visited(20 * MINUTE_MS);
      const { client, sessions } = startPage({ consent: "pending" });
      await vi.advanceTimersByTimeAsync(20 * MINUTE_MS);
      client.optIn();
      expect(await sessions()).toEqual([]);
    });

    it("reads nothing where the visitor refuses", async () => {
      load();
      visited(20 * MINUTE_MS);
      const { client, collector } = startPage({ consent: "pending" });
      client.optOut();
      await client.flush();
      expect(collector.requests).toEqual([]);
    });
  });

  describe.each(["memory", "none"] as const)("with identity %s", (identity) => {
    it.each([
      ["from another host", { referrer: "https://search.example/" }, 1],
      ["without referrer", {}, 1],
      ["from this host", { referrer: "http://localhost:3000/before" }, 0],
      ["again", { referrer: "https://search.example/", type: "reload" }, 0],
      ["on the way back", { referrer: "https://search.example/", type: "back_forward" }, 0],
    ])("takes a load %s for what it is", async (_, facts, count) => {
      load(facts);
      visited(1);
      const { sessions } = startPage({ identity });
      expect(await sessions()).toHaveLength(count);
      await moveTo("/next");
      dispatchEvent(Object.assign(new Event("pageshow"), { persisted: true }));
      expect(await sessions()).toHaveLength(count);
    });
  });
});
