import { expect, it } from "vitest";
import { describeInBrowsers } from "../browsers/describe-in-browsers.ts";
import { poll } from "../browsers/poll.ts";
import { hang, late, resetAfterBody, resetBefore } from "../faulty-proxy.ts";
import { names } from "../names.ts";
import { openFaultLab } from "../open-fault-lab.ts";

const lab = openFaultLab();

describeInBrowsers("a connection that", (browser) => {
  it("is reset after the body has arrived counts the events once", async () => {
    const { proxy, open, conserves } = await lab.begin(browser());
    proxy.next(resetAfterBody, resetAfterBody);
    await open({ early: 5 });
    await conserves(["page_view", ...names("early", 5)]);
    expect(new Set(proxy.sentAgain())).toEqual(new Set(["page_view", ...names("early", 5)]));
  });

  it("is reset before anybody has the events loses none", async () => {
    const { proxy, open, conserves } = await lab.begin(browser());
    proxy.next(resetBefore, resetBefore);
    await open({ early: 5 });
    await conserves(["page_view", ...names("early", 5)]);
  });

  it("is slow is not a failure: nothing is sent twice, and what happens meanwhile follows", async () => {
    const { proxy, open, conserves } = await lab.begin(browser());
    proxy.always(late(900));
    const tab = await open({ early: 1 });
    for (let i = 0; i < 10; i++) {
      await tab.evaluate((name) => window.trackMany(name, 3), `meanwhile_${i}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await conserves(["page_view", "early_0", ...names("meanwhile", 10).flatMap((name) => names(name, 3))]);
    expect(proxy.sentAgain()).toEqual([]);
  });

  it("hangs does not hold back what happens next", async () => {
    const { proxy, open, stored } = await lab.begin(browser());
    proxy.next(hang);
    const tab = await open({ early: 3 });
    await poll("the request that hangs", () => proxy.requests.length > 0);
    await tab.evaluate(() => window.trackMany("next", 3));
    await poll("the next events", async () => (await stored()).length === 3);
    expect(proxy.requests).toHaveLength(2);
  });

  it("hangs while the page is left loses nothing, with the offline queue", async () => {
    const { proxy, open, address, conserves } = await lab.begin(browser());
    proxy.next(hang);
    const tab = await open({ plugins: ["offlineQueue"], early: 3 });
    await poll("the request that hangs", () => proxy.requests.length > 0);
    await tab.goto(address({ plugins: ["offlineQueue"] }));
    await conserves(["page_view", "page_view", ...names("early", 3)]);
  });

  it("is not there and comes back keeps the order, and sends as soon as the browser is online", async () => {
    const { profile, proxy, open, conserves } = await lab.begin(browser());
    const tab = await open();
    await poll("the page view", () => proxy.requests.length > 0);
    await profile.setOffline(true);
    await tab.evaluate(() => window.trackMany("offline", 70));
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(proxy.requests).toHaveLength(1);

    const backAt = Date.now();
    await profile.setOffline(false);
    const made = ["page_view", ...names("offline", 70)];
    const stored = await conserves(made);
    expect(stored.map(({ event }) => event)).toEqual(made);
    expect(Number(proxy.requests[1]?.at) - backAt).toBeLessThan(900);
  });

  it("is refused survives a reload, with the offline queue", async () => {
    const { proxy, open, address, conserves } = await lab.begin(browser());
    await proxy.shut();
    const tab = await open({ plugins: ["offlineQueue"], early: 40 });
    await tab.goto(address({ plugins: ["offlineQueue"] }));
    await tab.evaluate(() => window.trackMany("reloaded", 3));
    await proxy.reopen();
    await conserves(["page_view", ...names("early", 40), "page_view", ...names("reloaded", 3)]);
    expect(proxy.lost()).toEqual({});
  });
});
