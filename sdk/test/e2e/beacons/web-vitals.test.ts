import type { StoredEvent } from "@tallymark/sdk/protocol";
import { expect, it } from "vitest";
import { describeInBrowsers } from "../browsers/describe-in-browsers.ts";
import { poll } from "../browsers/poll.ts";
import type { Tab } from "../browsers/test-browser.ts";
import type {} from "../fixtures/beacons/measure.ts";
import { openBeaconLab } from "../open-beacon-lab.ts";

const PAGES = ["web-vitals", "web-vitals-late", "web-vitals-routes", "web-vitals-attribution"] as const;
const lab = openBeaconLab(...PAGES);

/** What the library itself has said of the pages of this tab. */
function measuredIn(tab: Tab): Promise<Window["measured"]> {
  return tab.evaluate(() =>
    Object.keys(sessionStorage)
      .filter((key) => key.startsWith("measured"))
      .map((key) => JSON.parse(sessionStorage.getItem(key) as string)),
  );
}

const hasMeasured = (tab: Tab, name: string, count = 1) =>
  poll(`${count} ${name}`, async () => (await measuredIn(tab)).filter((vital) => vital.name === name).length >= count);

const hasEntry = (tab: Tab, type: string) =>
  poll(type, () =>
    tab.evaluate((wanted) => {
      const seen = new PerformanceObserver(() => {});
      seen.observe({ type: wanted, buffered: true });
      return seen.takeRecords().length > 0;
    }, type),
  );

/** A view that moves on within 0.1 s is no view of its own. */
const notARedirect = () => new Promise((resolve) => setTimeout(resolve, 300));

const supports = (tab: Tab, type: string) =>
  tab.evaluate((wanted) => PerformanceObserver.supportedEntryTypes.includes(wanted), type);

const vitalsOf = (events: readonly StoredEvent[]) => events.filter(({ event }) => event === "web_vital");
const viewsOf = (events: readonly StoredEvent[]) => events.filter(({ event }) => event === "page_view");

/** The same words for what we say and what the library says, in an order of its own. */
const numbers = (vitals: readonly (readonly [unknown, unknown, unknown])[]) =>
  vitals.map((vital) => vital.join(" ")).sort();
const told = (events: readonly StoredEvent[]) =>
  numbers(vitalsOf(events).map(({ metadata }) => [metadata?.metric, metadata?.value, metadata?.navigation]));
const measured = (vitals: Window["measured"]) =>
  numbers(vitals.map(({ name, value, navigation }) => [name, +value.toFixed(4), navigation]));

describeInBrowsers("webVitals", (browser, { backForwardCache }) => {
  it("says what the library itself says of the same load, once each, of the view of that load", async () => {
    const { tab, events, click, leave } = await lab.visit(browser(), "web-vitals");
    await hasMeasured(tab, "FCP");
    await click("button");
    await hasMeasured(tab, "LCP");
    await poll("the slow click", () => tab.evaluate(() => document.title === "Clicked"));
    await tab.evaluate(() => window.interactions);
    await leave();
    const library = await measuredIn(tab);
    const stored = await events(1 + library.length);

    expect(library.map(({ name }) => name)).toEqual(expect.arrayContaining(["TTFB", "FCP", "LCP"]));
    if (await supports(tab, "layout-shift"))
      expect(library.map(({ name }) => name).sort()).toEqual(["CLS", "FCP", "INP", "LCP", "TTFB"]);
    expect(told(stored)).toEqual(measured(library));
    const [view] = viewsOf(stored);
    expect(vitalsOf(stored).every(({ page_view_id }) => page_view_id === view?.page_view_id)).toBe(true);
    expect(vitalsOf(stored).every(({ metadata }) => metadata?.delta === metadata?.value)).toBe(true);
    expect(JSON.stringify(stored)).not.toContain("Secret");
    expect(JSON.stringify(stored)).not.toContain("attribution");
  });

  it("says no INP where nobody has touched the page, and CLS even where nothing has moved", async () => {
    const { tab, events, leave } = await lab.visit(browser(), "web-vitals");
    await hasMeasured(tab, "FCP");
    const hasShifts = await supports(tab, "layout-shift");
    await leave();
    const stored = await events(hasShifts ? 5 : 4);
    expect(told(stored)).toEqual(measured(await measuredIn(tab)));
    const said = Object.fromEntries(vitalsOf(stored).map(({ metadata }) => [metadata?.metric, metadata?.value]));
    expect(said).not.toHaveProperty("INP");
    expect(said.CLS).toBe(hasShifts ? 0 : undefined);
  });

  it("says the same where the SDK comes late", async () => {
    const { tab, events, leave } = await lab.visit(browser(), "web-vitals-late");
    await hasMeasured(tab, "FCP");
    if (await supports(tab, "layout-shift")) await hasEntry(tab, "layout-shift");
    await tab.evaluate(() => (window as unknown as { startLate(): void }).startLate());
    await events(3);
    await leave();
    const library = await measuredIn(tab);
    const stored = await events(1 + library.length);
    expect(told(stored)).toEqual(measured(library));
    if (await supports(tab, "layout-shift"))
      expect(library.find(({ name }) => name === "CLS")?.value).toBeGreaterThan(0);
  });

  it("says of the load what comes after navigations inside the page, and of each of these what is its own", async () => {
    const { tab, events, click, leave } = await lab.visit(browser(), "web-vitals-routes");
    const hasSoftNavigations = await supports(tab, "soft-navigation");
    await hasMeasured(tab, "FCP");
    await notARedirect();
    for (const route of [1, 2, 3]) {
      await click("button");
      await poll(`route ${route}`, () => tab.evaluate((title) => document.title === title, `Route ${route}`));
      if (hasSoftNavigations) await hasMeasured(tab, "FCP", 1 + route);
      await hasEntry(tab, "first-input");
      await notARedirect();
    }
    await leave();
    const library = await measuredIn(tab);
    const stored = await events(4 + library.length);
    const views = viewsOf(stored);

    expect(told(stored)).toEqual(measured(library));
    expect(views.map(({ title }) => title)).toEqual(["Load", "Route 1", "Route 2", "Route 3"]);
    const isOfLoad = (vital: StoredEvent) => vital.metadata?.navigation === "navigate";
    for (const { page_view_id, title, url } of vitalsOf(stored).filter(isOfLoad))
      expect({ page_view_id, title, url }).toMatchObject({ page_view_id: views[0]?.page_view_id, title: "Load" });
    if (!hasSoftNavigations) return expect(vitalsOf(stored).every(isOfLoad)).toBe(true);
    for (const metric of ["FCP", "LCP", "TTFB", "CLS"]) {
      const said = vitalsOf(stored).filter(({ metadata }) => metadata?.metric === metric);
      expect([metric, ...said.map(({ page_view_id }) => page_view_id)]).toEqual([
        metric,
        ...views.map(({ page_view_id }) => page_view_id),
      ]);
    }
  });

  it.runIf(backForwardCache)(
    "measures a page anew that comes back from the cache, and says so of its new view",
    async () => {
      const { tab, events, leave } = await lab.visit(browser(), "web-vitals");
      await hasMeasured(tab, "FCP");
      await notARedirect();
      await leave();
      await tab.back();
      await hasMeasured(tab, "FCP", 2);
      await hasMeasured(tab, "TTFB", 2);
      await hasMeasured(tab, "LCP", 2);
      await leave();
      const library = await measuredIn(tab);
      const stored = await events(2 + library.length);
      const [loaded, restored] = viewsOf(stored);

      // These the library reads from the clock: twice, one after the other.
      const unlessRestored = (text: string) => text.replace(/\S+ (?=back_forward_cache)/, "");
      expect(told(stored).map(unlessRestored).sort()).toEqual(measured(library).map(unlessRestored).sort());
      expect(restored?.page_view_id).not.toBe(loaded?.page_view_id);
      for (const { page_view_id, metadata } of vitalsOf(stored))
        expect(page_view_id).toBe((metadata?.navigation === "navigate" ? loaded : restored)?.page_view_id);
      expect(vitalsOf(stored).some(({ metadata }) => metadata?.navigation === "back_forward_cache")).toBe(true);
    },
  );

  it("says what the numbers are due to, by tags alone, though the elements are gone when it does", async () => {
    const { tab, events, leave } = await lab.visit(browser(), "web-vitals-attribution");
    await hasMeasured(tab, "FCP");
    await hasEntry(tab, "largest-contentful-paint");
    const isChromium = await supports(tab, "layout-shift");
    await tab.evaluate(() => (window as unknown as { move(): void }).move());
    if (isChromium) await hasEntry(tab, "layout-shift");
    // By the keyboard: of the press of a mouse button Chromium does not always name the target.
    await tab.evaluate(() => document.querySelector("button")?.focus());
    await tab.press("Enter");
    await poll("the slow click", () => tab.evaluate(() => document.title === "Clicked"));
    await hasMeasured(tab, "LCP");
    await tab.evaluate(() => window.interactions);
    await tab.evaluate(() => (window as unknown as { empty(): void }).empty());
    await leave();
    const library = await measuredIn(tab);
    const stored = await events(1 + library.length);
    const attribution = Object.fromEntries(
      vitalsOf(stored).map(({ metadata }) => [metadata?.metric, metadata?.attribution]),
    );

    expect(told(stored)).toEqual(measured(library));
    expect(attribution.TTFB).toMatchObject({ request_duration: expect.any(Number) });
    expect(attribution.FCP).toMatchObject({ time_to_first_byte: expect.any(Number), load_state: expect.any(String) });
    expect(attribution.LCP).toMatchObject({ target: "html>body>main>h1", element_render_delay: expect.any(Number) });
    if (isChromium) {
      expect(attribution.CLS).toMatchObject({ largest_shift_target: "html>body>main>p" });
      expect(attribution.INP).toMatchObject({
        interaction_target: "html>body>main>button",
        interaction_type: "keyboard",
        longest_script_url: expect.stringMatching(/^http.*\.js$/),
        longest_script_subpart: "processing_duration",
      });
    }
    expect(JSON.stringify(stored)).not.toMatch(/secret/i);
  });
});
