import { describe, expect, it } from "vitest";
import { describeInBrowsers } from "../browsers/describe-in-browsers.ts";
import { poll } from "../browsers/poll.ts";
import type { Tab } from "../browsers/test-browser.ts";
import { answer, pass } from "../faulty-proxy.ts";
import { names } from "../names.ts";
import { openFaultLab } from "../open-fault-lab.ts";

const lab = openFaultLab();

const PLUGINS = ["offlineQueue", "deferredFlush"] as const;

describeInBrowsers("a visitor's will:", (browser) => {
  describe("storage that", () => {
    it.each(["blocked-storage", "broken-storage", "full-storage"] as const)(
      "is no help (%s) costs no event",
      async (quirk) => {
        const { proxy, open, conserves } = await lab.begin(browser());
        const tab = await open({ quirks: [quirk], plugins: PLUGINS, early: 40 });
        const [view] = await conserves(["page_view", ...names("early", 40)]);
        expect(view?.visitor_id).toBeTruthy();
        expect(view?.session_id).toBeTruthy();
        expect(proxy.lost()).toEqual({});
        await tab.evaluate(() => window.client.optOut());
      },
    );

    it("is cleared by the visitor while events wait costs none", async () => {
      const { proxy, open, conserves } = await lab.begin(browser());
      proxy.always(answer(503));
      const tab = await open({ plugins: PLUGINS, early: 50 });
      await poll("a refusal", () => proxy.requests.length > 0);
      await tab.evaluate(() => {
        localStorage.clear();
        window.trackMany("late", 30);
      });
      proxy.always(pass);
      await conserves(["page_view", ...names("early", 50), ...names("late", 30)]);
      expect(proxy.lost()).toEqual({});
    });
  });

  describe("consent that is", () => {
    it("pending sends nothing and stores nothing, and what waited goes out once, in order, when it is given", async () => {
      const { proxy, open, conserves } = await lab.begin(browser());
      const tab = await open({ plugins: PLUGINS, options: { consent: "pending" }, early: 3 });
      await new Promise((resolve) => setTimeout(resolve, 600));
      expect(proxy.requests).toEqual([]);
      expect(await storedKeys(tab)).toEqual([]);

      await tab.evaluate(() => {
        window.client.optIn();
        window.client.optIn();
        window.trackMany("after", 2);
      });
      const made = ["page_view", ...names("early", 3), ...names("after", 2)];
      const stored = await conserves(made);
      expect(stored.map(({ event }) => event)).toEqual(made);
      expect(await storedKeys(tab)).not.toEqual([]);
    });

    it("pending when the page is left has left no trace", async () => {
      const { proxy, open, address } = await lab.begin(browser());
      const settings = { plugins: PLUGINS, options: { consent: "pending" }, early: 3 } as const;
      const tab = await open(settings);
      await tab.goto(address(settings));
      expect(await storedKeys(tab)).toEqual([]);
      expect(proxy.requests).toEqual([]);
    });

    it.each([
      ["denied", { options: { consent: "denied" } }],
      ["denied by Global Privacy Control", { quirks: ["gpc"] }],
      [
        "denied by Global Privacy Control, whatever the page says",
        { quirks: ["gpc"], options: { consent: "granted" } },
      ],
    ] as const)("%s sends nothing and stores nothing, until the visitor agrees", async (_, settings) => {
      const { proxy, open, conserves } = await lab.begin(browser());
      const tab = await open({ ...settings, plugins: PLUGINS, early: 3 });
      await tab.evaluate(() => window.client.flush());
      await new Promise((resolve) => setTimeout(resolve, 600));
      expect(proxy.requests).toEqual([]);
      expect(await storedKeys(tab)).toEqual([]);
      expect(await tab.evaluate(() => window.client.getVisitorId())).toBe("");

      await tab.evaluate(() => window.client.optIn());
      await conserves(["page_view"]);
    });

    it("taken back wipes ids, queue and keys, and nothing follows", async () => {
      const { proxy, open, conserves } = await lab.begin(browser());
      const tab = await open({ plugins: PLUGINS, early: 2 });
      await conserves(["page_view", ...names("early", 2)]);
      expect(await storedKeys(tab)).not.toEqual([]);

      await proxy.shut();
      await tab.evaluate(() => window.trackMany("waiting", 2));
      await tab.evaluate(() => window.client.flush());
      await proxy.reopen();
      await tab.evaluate(() => {
        window.client.optOut();
        window.trackMany("after", 2);
      });
      expect(await storedKeys(tab)).toEqual([]);
      await tab.close();
      await conserves(["page_view", ...names("early", 2)]);
    });

    it("ignored for Global Privacy Control where the page says so", async () => {
      const { open, conserves } = await lab.begin(browser());
      await open({ quirks: ["gpc"], options: { respectGpc: false } });
      await conserves(["page_view"]);
    });
  });
});

/** Keys and cookies of the SDK on the visitor's device. */
function storedKeys(tab: Tab): Promise<string[]> {
  return tab.evaluate(() =>
    [...Object.keys(localStorage), ...Object.keys(sessionStorage), document.cookie].filter((key) =>
      /tallymark/.test(key),
    ),
  );
}
