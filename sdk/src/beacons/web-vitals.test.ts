import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { onCLS } from "web-vitals/onCLS.js";
import { onFCP } from "web-vitals/onFCP.js";
import { onINP } from "web-vitals/onINP.js";
import { onLCP } from "web-vitals/onLCP.js";
import { onTTFB } from "web-vitals/onTTFB.js";
import { setVisibility } from "../../test/fake-collector.ts";
import { openClientLab, settle } from "../../test/open-client-lab.ts";
import { spyClient } from "../../test/spy-client.ts";
import type { Vital } from "./lib/vitals-source.ts";
import { pageViews } from "./page-views.ts";
import { webVitals } from "./web-vitals.ts";

// happy-dom measures nothing. What the library does in a browser is tested there.
vi.mock("web-vitals/onCLS.js", () => ({ onCLS: vi.fn() }));
vi.mock("web-vitals/onFCP.js", () => ({ onFCP: vi.fn() }));
vi.mock("web-vitals/onINP.js", () => ({ onINP: vi.fn() }));
vi.mock("web-vitals/onLCP.js", () => ({ onLCP: vi.fn() }));
vi.mock("web-vitals/onTTFB.js", () => ({ onTTFB: vi.fn() }));

const FUNCTIONS = [onCLS, onFCP, onINP, onLCP, onTTFB];

const LOAD: Vital = {
  name: "LCP",
  value: 1234.5,
  delta: 1234.5,
  rating: "good",
  id: "v6-1",
  navigationType: "navigate",
  navigationStartTime: 0,
  navigationURL: "http://localhost:3000/load?token=1",
};

/** What the library does when a number is final. */
function report(vital: Partial<Vital>): void {
  const [callback] = vi.mocked(onLCP).mock.calls[0] as unknown as [(vital: Vital) => void];
  callback({ ...LOAD, ...vital });
}

describe("webVitals", () => {
  let client: ReturnType<typeof spyClient>;
  let stop = (): void => {};
  beforeEach(() => {
    client = spyClient();
    stop = webVitals()(client);
  });
  afterEach(() => stop());

  /** Metadata of all events. */
  const said = () => client.tracked().map(([, metadata]) => metadata);

  it("says a number as an event of its own, which is all that the library gives but its entries", () => {
    report({ ...LOAD, entries: [{ element: "secret" }] } as Partial<Vital>);
    expect(client.tracked()).toEqual([
      [
        "web_vital",
        { metric: "LCP", value: 1234.5, delta: 1234.5, rating: "good", navigation: "navigate", metric_id: "v6-1" },
        { url: "http://localhost:3000/load?token=1" },
      ],
    ]);
  });

  it("rounds what is no more than the noise of a sum, and a layout shift to 4 decimals", () => {
    report({ value: 29.700000002980232, delta: 29.700000002980232 });
    report({ name: "CLS", value: 0.123456, delta: 0.1 + 0.2 });
    expect(said()).toMatchObject([
      { value: 29.7, delta: 29.7 },
      { value: 0.1235, delta: 0.3 },
    ]);
  });

  it("spells the library's terms as all others", () => {
    report({ rating: "needs-improvement", navigationType: "back-forward-cache" });
    expect(said()).toMatchObject([{ rating: "needs_improvement", navigation: "back_forward_cache" }]);
  });

  it("says a number that has changed since once more, with what is new in it", () => {
    report({ name: "CLS", value: 0.1, delta: 0.1 });
    report({ name: "CLS", value: 0.25, delta: 0.15 });
    expect(said()).toMatchObject([
      { value: 0.1, delta: 0.1, metric_id: "v6-1" },
      { value: 0.25, delta: 0.15, metric_id: "v6-1" },
    ]);
  });

  it("is silent after stop, and the first byte that waits for a frame is not told", () => {
    vi.useFakeTimers();
    report({ name: "TTFB", value: 0, navigationType: "back-forward-cache", navigationStartTime: 500 });
    stop();
    report({});
    vi.runAllTimers();
    vi.useRealTimers();
    expect(client.track).not.toHaveBeenCalled();
  });

  it("starts the library once, with soft navigations, whoever starts and stops", () => {
    stop();
    stop = webVitals()(client);
    const stopOther = webVitals()(spyClient());
    for (const measure of FUNCTIONS) expect(measure).toHaveBeenCalledTimes(1);
    expect(vi.mocked(onLCP).mock.calls[0]?.[1]).toMatchObject({ reportSoftNavs: true });
    report({});
    expect(said()).toHaveLength(1);
    stopOther();
  });

  it("tells each of several clients, though one fails", () => {
    vi.spyOn(console, "warn").mockImplementation(() => {});
    const other = spyClient();
    const stopOther = webVitals()(other);
    client.track.mockImplementation(() => {
      throw new TypeError("the page's own");
    });
    expect(() => report({})).not.toThrow();
    expect(other.tracked()).toHaveLength(1);
    stopOther();
    vi.restoreAllMocks();
  });

  it("takes its numbers from where the attribution says, and not from the plain library besides", () => {
    stop();
    const target = (): string => "hero";
    const source = vi.fn((tell: (vital: Vital) => void) => {
      tell({ ...LOAD, attribution: { target: "main>img" } });
      return () => {};
    });
    stop = webVitals({ attribution: source, target })(client);
    report({});
    expect(said()).toMatchObject([{ metric: "LCP", attribution: { target: "main>img" } }]);
    expect(source.mock.lastCall).toEqual([expect.any(Function), target]);
  });
});

describe("the page view of a number", () => {
  const lab = openClientLab();

  /** Starts both beacons; `vitals` is what each number says of its page, in the order they left. */
  function open(options = {}) {
    const { client, collector } = lab.begin({ beacons: [pageViews(), webVitals()], ...options });
    const named = (name: string) => collector.events().filter(({ event }) => event === name);
    return {
      client,
      collector,
      /** Paths of the page views, and their ids. */
      views: () => named("page_view").map(({ url, page_view_id }) => [pathOf(url), page_view_id]),
      vitals: () => named("web_vital").map(({ url, page_view_id }) => [pathOf(url), page_view_id]),
    };
  }

  const pathOf = (url = "") => url.replace("http://localhost:3000", "");

  /** A navigation inside the page, a second later, as the browser reports it. @returns when it began */
  function navigate(path: string): number {
    vi.advanceTimersByTime(1000);
    const startMs = performance.now();
    vi.advanceTimersByTime(5);
    history.pushState({}, "", path);
    vi.advanceTimersByTime(200);
    return startMs;
  }

  it("is the first one for the load, also when the visitor has moved on since", async () => {
    const { client, views, vitals } = open();
    report({ name: "FCP" });
    navigate("/second");
    navigate("/third");
    report({ name: "LCP" });
    await client.flush();
    expect(views().map(([path]) => path)).toEqual(["/shop", "/second", "/third"]);
    expect(vitals()).toEqual([views()[0], views()[0]]);
  });

  it("is stated with its title, and with the time of the report", async () => {
    const { client, collector } = open();
    navigate("/second");
    document.title = "Second";
    const reportedAt = Date.now();
    report({});
    await client.flush();
    expect(collector.events().at(-1)).toMatchObject({ event: "web_vital", title: "Shop", ts: reportedAt });
  });

  it("is the one that a soft navigation has opened, for each of several in a row", async () => {
    const { client, views, vitals } = open();
    const starts = ["/a", "/b", "/c"].map(navigate);
    for (const navigationStartTime of [0, ...starts]) report({ navigationStartTime });
    await client.flush();
    expect(vitals()).toEqual(views());
    expect(views()).toHaveLength(4);
  });

  it("stays the open one for a soft navigation that was no other page, though there is another later", async () => {
    const { client, views, vitals } = open();
    const tabbed = navigate("/shop?tab=2");
    report({ name: "FCP", navigationStartTime: tabbed, navigationType: "soft-navigation" });
    const second = navigate("/second");
    report({ name: "CLS", navigationStartTime: tabbed, navigationType: "soft-navigation" });
    report({ name: "FCP", navigationStartTime: second, navigationType: "soft-navigation" });
    await client.flush();
    expect(vitals()).toEqual([views()[0], views()[0], views()[1]]);
  });

  it("is the new one after the back/forward cache, also for the first byte, which is told before", async () => {
    const { client, views, vitals } = open();
    vi.advanceTimersByTime(1000);
    const restored = { navigationStartTime: performance.now(), navigationType: "back-forward-cache" };
    report({ name: "TTFB", value: 0, delta: 0, ...restored });
    vi.advanceTimersByTime(1);
    dispatchEvent(Object.assign(new Event("pageshow"), { persisted: true }));
    vi.advanceTimersByTime(100);
    report({ name: "LCP", ...restored });
    setVisibility("hidden");
    await settle();
    await client.flush();
    expect(views()).toHaveLength(2);
    expect(vitals()).toEqual([views()[1], views()[1]]);
  });

  it("is the one that opens when a tab from the background is first seen", async () => {
    setVisibility("hidden");
    const { client, views, vitals } = open();
    report({ name: "TTFB" });
    setVisibility("visible");
    report({ name: "INP" });
    await client.flush();
    expect(vitals()).toEqual([["/load", undefined], views()[0]]);
  });

  it("is found whichever beacon starts first", async () => {
    const { client, views, vitals } = open({ beacons: [webVitals(), pageViews()] });
    navigate("/second");
    report({});
    await client.flush();
    expect(vitals()).toEqual([views()[0]]);
  });

  it("is none where pages are not counted: then the address is that of the navigation, without its query", async () => {
    const { client, vitals } = open({ beacons: [webVitals()] });
    history.pushState({}, "", "/second");
    report({});
    await client.flush();
    expect(vitals()).toEqual([["/load", undefined]]);
  });

  it("needs no visitor id and no storage", async () => {
    const { client, collector } = open({ identity: "none" });
    report({});
    await client.flush();
    const sent = collector.events().find(({ event }) => event === "web_vital");
    expect(sent).toMatchObject({ metadata: { metric: "LCP" } });
    expect(sent?.session_id).toBeUndefined();
    expect(localStorage).toHaveLength(0);
    expect(sessionStorage).toHaveLength(0);
  });

  it("leaves nothing behind that hears of the page after stop", async () => {
    const { client, collector } = open();
    client.stop();
    await settle();
    report({});
    navigate("/second");
    await settle();
    expect(collector.events().map(({ event }) => event)).toEqual(["page_view"]);
  });
});
