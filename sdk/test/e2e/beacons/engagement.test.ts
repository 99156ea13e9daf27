import type { StoredEvent } from "@tallymark/sdk/protocol";
import { expect, it } from "vitest";
import { describeInBrowsers } from "../browsers/describe-in-browsers.ts";
import { openBeaconLab } from "../open-beacon-lab.ts";

const lab = openBeaconLab("engagement", "engagement-alone");

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const engaged = (events: readonly StoredEvent[]) =>
  events.filter(({ event }) => event === "engagement").map(({ metadata }) => metadata?.engaged_ms as number);

describeInBrowsers("engagement", (browser, { hiddenTabs }) => {
  it("tells how long the visitor was there, when they leave, for the view they leave", async () => {
    const { leave, events } = await lab.visit(browser(), "engagement");
    await wait(1000);
    await leave();
    const stored = await events(2);
    expect(stored.map(({ event }) => event)).toEqual(["page_view", "engagement"]);
    expect(stored[1]?.page_view_id).toBe(stored[0]?.page_view_id);
    expect(engaged(stored)[0]).toBeGreaterThan(900);
  });

  it("closes one view of a single-page app before it opens the next", async () => {
    const { tab, leave, events } = await lab.visit(browser(), "engagement");
    await wait(500);
    await tab.evaluate(() => history.pushState({}, "", "/next"));
    await wait(300);
    await leave();
    const stored = await events(4);
    expect(stored.map(({ event, url }) => [event, url])).toEqual([
      ["page_view", "/beacons/engagement.html"],
      ["engagement", "/beacons/engagement.html"],
      ["page_view", "/next"],
      ["engagement", "/next"],
    ]);
    const [first, second, third, fourth] = stored.map(({ page_view_id }) => page_view_id);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
    expect(fourth).toBe(third);
  });

  it.runIf(hiddenTabs)("does not count while another tab is in front", async () => {
    const { profile, tab, address, events } = await lab.visit(browser(), "engagement");
    const since = Date.now();
    await wait(300);
    const hiddenSince = Date.now();
    await profile.open(address("left"));
    await wait(2000);
    const hiddenMs = Date.now() - hiddenSince;
    const seenMs = Date.now() - since - hiddenMs;
    await tab.goto(address("left"));
    const stored = await events(2);
    const sum = engaged(stored).reduce((all, ms) => all + ms, 0);
    expect(sum).toBeGreaterThan(200);
    expect(sum).toBeLessThan(seenMs + 1000);
  });

  it("sends nothing while the visitor stays, whatever they do", async () => {
    const { tab, click, events } = await lab.visit(browser(), "engagement");
    for (let i = 0; i < 3; i++) {
      await click("input");
      await tab.press("x");
      await tab.evaluate(() => document.querySelector("input")?.blur());
    }
    await wait(500);
    expect((await events(1)).map(({ event }) => event)).toEqual(["page_view"]);
  });

  it("says nothing where no page view was counted; one by hand begins it, on its own address", async () => {
    const { tab, leave, events } = await lab.visit(browser(), "engagement-alone");
    await wait(200);
    await tab.evaluate(() => window.client.track("page_view", undefined, { url: "/virtual" }));
    await wait(200);
    await leave();
    const stored = await events(2);
    expect(stored.map(({ event, url }) => [event, url])).toEqual([
      ["page_view", "/virtual"],
      ["engagement", "/virtual"],
    ]);
    expect(stored[1]?.page_view_id).toBe(stored[0]?.page_view_id);
  });
});
