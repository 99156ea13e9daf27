import { expect, it } from "vitest";
import { describeInBrowsers } from "../browsers/describe-in-browsers.ts";
import { poll } from "../browsers/poll.ts";
import type { Tab } from "../browsers/test-browser.ts";
import { answer, pass } from "../faulty-proxy.ts";
import { names } from "../names.ts";
import { openFaultLab } from "../open-fault-lab.ts";

const lab = openFaultLab();

const BOTH = ["offlineQueue", "deferredFlush"] as const;
const OFFLINE = { plugins: ["offlineQueue"] } as const;

/** Nothing is sent for 5 s: what waits is still waiting when the page goes. */
const PATIENT = { speed: 1 };

/** 28 events of 7,200 bytes are more than three times what may outlive a page. */
const MANY = 28;
const BYTES = 7200;

describeInBrowsers("a page that", (browser, { backForwardCache, fetchLater, hiddenTabs, prerender }) => {
  it("is left with 200 KB waiting loses nothing, with the plugins", async () => {
    const { proxy, open, address, conserves } = await lab.begin(browser());
    const tab = await open({ plugins: BOTH, ...PATIENT });
    await tab.evaluate(([count, bytes]) => window.trackMany("large", count, bytes), [MANY, BYTES] as const);
    await tab.goto(address({ plugins: BOTH }));
    await conserves(["page_view", ...names("large", MANY), "page_view"]);
    expect(proxy.lost()).toEqual({});
  });

  it("is left with 200 KB waiting says how much it had to leave behind, without plugins", async () => {
    const { proxy, open, address, conserves } = await lab.begin(browser());
    const tab = await open(PATIENT);
    await tab.evaluate(([count, bytes]) => window.trackMany("large", count, bytes), [MANY, BYTES] as const);
    await tab.goto(address());
    const stored = await conserves(["page_view", ...names("large", MANY), "page_view"]);
    expect(stored.length).toBeGreaterThan(8);
    expect(Object.keys(proxy.lost())).toEqual(["page_left"]);
  });

  it("is closed sends what waits", async () => {
    const { open, conserves } = await lab.begin(browser());
    const tab = await open({ early: 20, ...PATIENT });
    // Firefox ends the script of a tab that is closed after a few milliseconds: what was made ready before is sent.
    // https://searchfox.org/mozilla-central/search?q=dom.abort_script_on_child_shutdown
    await new Promise((resolve) => setTimeout(resolve, 100));
    await tab.close();
    await conserves(["page_view", ...names("early", 20)]);
  });

  it("is closed while the collector is away hands its events to the next page, with the offline queue", async () => {
    const { proxy, open, conserves } = await lab.begin(browser());
    await proxy.shut();
    const tab = await open({ ...OFFLINE, early: 20 });
    await tab.close();
    await proxy.reopen();
    await open(OFFLINE);
    await conserves(["page_view", ...names("early", 20), "page_view"]);
  });

  it("has its client stopped while the collector refuses hands its events to the next page, with the offline queue", async () => {
    const { proxy, open, conserves } = await lab.begin(browser());
    proxy.always(answer(503));
    const tab = await open({ ...OFFLINE, early: 20 });
    await poll("a refusal", () => proxy.requests.length > 0);
    await untilKept(tab, "early_19");
    await tab.evaluate(() => window.client.stop());
    await tab.close();
    proxy.always(pass);
    await open(OFFLINE);
    await conserves(["page_view", ...names("early", 20), "page_view"]);
    expect(proxy.lost()).toEqual({});
  });

  it("is killed hands its events to the next page, with the offline queue", async () => {
    const { proxy, open, conserves } = await lab.begin(browser());
    await proxy.shut();
    const tab = await open({ ...OFFLINE, early: 500 });
    await untilKept(tab, "early_499");
    await tab.kill();
    await proxy.reopen();
    await open(OFFLINE);
    await conserves(["page_view", ...names("early", 500), "page_view"]);
    expect(proxy.lost()).toEqual({});
  });

  it("is killed with more than a full queue has what was too much reported by the next page", async () => {
    const { proxy, open, conserves } = await lab.begin(browser());
    await proxy.shut();
    const tab = await open({ ...OFFLINE, early: 1200 });
    await untilKept(tab, "early_1199");
    await tab.kill();
    await proxy.reopen();
    await open(OFFLINE);
    await conserves(["page_view", ...names("early", 1200), "page_view"]);
  });

  it("has died with events waiting has them adopted once, by one of two that open at the same moment", async () => {
    const { proxy, open, conserves } = await lab.begin(browser());
    await proxy.shut();
    const tab = await open({ ...OFFLINE, early: 50 });
    await untilKept(tab, "early_49");
    await tab.kill();
    await proxy.reopen();
    const startAt = Date.now() + 3000;
    const tabs = await Promise.all([open({ ...OFFLINE, startAt }), open({ ...OFFLINE, startAt })]);
    // One is in front of the other, which nobody sees: whether it knows that when it starts depends on the engine.
    const isSeen = (tab: Tab) => tab.evaluate(() => Boolean(window.client._outbox?._view));
    const seen = (await Promise.all(tabs.map(isSeen))).filter(Boolean);
    expect(seen.length).toBeGreaterThan(0);
    await conserves(["page_view", ...names("early", 50), ...seen.map(() => "page_view")]);
    expect(proxy.sentAgain()).toEqual([]);
  });

  it("lives beside another of the same visitor neither loses nor doubles an event", async () => {
    const { proxy, open, conserves } = await lab.begin(browser());
    proxy.always(answer(503));
    const one = await open(OFFLINE);
    const other = await open(OFFLINE);
    for (const [tab, name] of [
      [one, "one"],
      [other, "other"],
    ] as const) {
      await tab.evaluate((given) => window.trackMany(given, 40), name);
    }
    await poll("both to be refused", () => proxy.requests.length > 2);
    proxy.always(pass);
    const stored = await conserves(["page_view", "page_view", ...names("one", 40), ...names("other", 40)]);
    expect(new Set(stored.map(({ visitor_id }) => visitor_id)).size).toBe(1);
    expect(new Set(stored.map(({ session_id }) => session_id)).size).toBe(1);
    const accepted = proxy.requests.filter(({ status }) => status === 202);
    expect(accepted.flatMap(({ events }) => events)).toHaveLength(82);
  });

  if (fetchLater) {
    it("is killed sends what waits without another page, with the deferred flush", async () => {
      const { open, conserves } = await lab.begin(browser());
      const tab = await open({ plugins: ["deferredFlush"], early: 20, ...PATIENT });
      await tab.evaluate(() => window.trackMany("last", 5));
      await new Promise((resolve) => setTimeout(resolve, 300));
      await tab.kill();
      await conserves(["page_view", ...names("early", 20), ...names("last", 5)]);
    });
  }

  if (backForwardCache) {
    it("comes back from the back/forward cache counts again, and sends what it had not sent, once", async () => {
      const { proxy, open, address, conserves } = await lab.begin(browser());
      proxy.always(answer(503));
      const tab = await open({ ...OFFLINE, early: 3 });
      await tab.evaluate(() => window.trackMany("late", 3));
      await tab.goto(address({ ...OFFLINE, early: 1 }));
      await tab.back();
      expect(await tab.evaluate(() => window.isRestored)).toBe(true);
      await tab.evaluate(() => window.trackMany("back", 3));
      proxy.always(pass);
      // The page that was left for this one is in the cache in its turn: whoever comes next sends what it had not.
      await open(OFFLINE);
      const pages = ["page_view", ...names("early", 3), "page_view", "early_0", "page_view", "page_view"];
      await conserves([...pages, ...names("late", 3), ...names("back", 3)]);
    });

    it("comes back from the back/forward cache without the offline queue loses nothing either", async () => {
      const { proxy, open, address, conserves } = await lab.begin(browser());
      const tab = await open({ early: 3, ...PATIENT });
      await tab.goto(address());
      await tab.back();
      expect(await tab.evaluate(() => window.isRestored)).toBe(true);
      await tab.evaluate(() => window.trackMany("back", 3));
      await tab.evaluate(() => window.client.flush());
      await conserves(["page_view", ...names("early", 3), "page_view", "page_view", ...names("back", 3)]);
      expect(proxy.lost()).toEqual({});
    });
  }

  if (hiddenTabs) {
    it("is discarded in the background has sent before, or is sent after its return", async () => {
      const { proxy, open, conserves } = await lab.begin(browser());
      proxy.always(answer(503));
      const tab = await open({ ...OFFLINE, early: 30 });
      const { restore } = await tab.discard();
      proxy.always(pass);
      await restore();
      await conserves([...names("early", 30), "page_view", ...names("early", 30), "page_view"]);
    });

    it("goes into the background sends at once, so that nothing is lost when it is discarded", async () => {
      const { proxy, open, conserves } = await lab.begin(browser());
      const tab = await open({ early: 30, ...PATIENT });
      const { restore } = await tab.discard();
      await poll("the events", () => proxy.requests.length > 0);
      await restore();
      await tab.evaluate(() => window.client.flush());
      await conserves([...names("early", 30), "page_view", ...names("early", 30), "page_view"]);
    });
  }

  if (prerender) {
    it("is prerendered sends nothing, and everything once the visitor comes", async () => {
      const { proxy, open, address, conserves } = await lab.begin(browser());
      const tab = await open();
      await prerenderPage(tab, address({ early: 4 }));
      await poll("the first page view", () => proxy.requests.length > 0);
      await new Promise((resolve) => setTimeout(resolve, 600));
      expect(proxy.requests.flatMap(({ events }) => events)).toHaveLength(1);

      await tab.evaluate((url) => location.assign(url), address({ early: 4 }));
      await conserves(["page_view", "page_view", ...names("early", 4)]);
      const activationStart = await tab.evaluate(() => {
        const [navigation] = performance.getEntriesByType("navigation");
        return (navigation as { activationStart?: number } | undefined)?.activationStart;
      });
      expect(activationStart).toBeGreaterThan(0);
    });

    it("is prerendered and never seen sends nothing", async () => {
      const { open, address, conserves } = await lab.begin(browser());
      const tab = await open({ plugins: BOTH });
      await prerenderPage(tab, address({ plugins: BOTH, early: 4 }));
      await tab.goto(address({ plugins: BOTH, early: 1 }));
      await tab.close();
      await conserves(["page_view", "page_view", "early_0"]);
    });
  }
});

/** Waits until an event of this name is in Web storage: from then on the page's process may die. */
async function untilKept(tab: Tab, name: string): Promise<void> {
  const isKept = (given: string) => Object.values({ ...localStorage }).some((text: string) => text.includes(given));
  await poll(`${name} to be kept`, () => tab.evaluate(isKept, name));
}

/** Has a page loaded that nobody sees, and waits until it runs. */
async function prerenderPage(tab: Tab, url: string): Promise<void> {
  await tab.evaluate((address) => {
    const rules = document.createElement("script");
    rules.type = "speculationrules";
    rules.text = JSON.stringify({ prerender: [{ urls: [address], eagerness: "immediate" }] });
    document.head.append(rules);
  }, url);
  await poll("the page to be prerendered", () => tab.evaluate(() => localStorage.getItem("prerendered") !== null));
}
