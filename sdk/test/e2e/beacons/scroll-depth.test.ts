import { expect, it } from "vitest";
import { describeInBrowsers } from "../browsers/describe-in-browsers.ts";
import { poll } from "../browsers/poll.ts";
import type { Tab } from "../browsers/test-browser.ts";
import { openBeaconLab, type Visit } from "../open-beacon-lab.ts";

const lab = openBeaconLab("scroll-depth", "scroll-short", "scroll-inside");

/** Resolves when the browser has shown the page once more. */
const nextFrame = (tab: Tab) =>
  tab.evaluate(() => new Promise<void>((resolve) => requestAnimationFrame(() => setTimeout(resolve, 50))));

async function depths({ events }: Visit, count: number) {
  return (await events(count + 1))
    .filter(({ event }) => event === "scroll_depth")
    .map(({ url, metadata }) => [url, metadata?.percent]);
}

describeInBrowsers("scrollDepth", (browser) => {
  it("tells the deepest point that was seen, when the visitor leaves", async () => {
    const visit = await lab.visit(browser(), "scroll-depth");
    await visit.tab.wheel({ x: 100, y: 100 }, 300);
    await poll("scrolling", () => visit.tab.evaluate(() => scrollY > 0));
    await visit.tab.evaluate(() => scrollTo(0, innerHeight));
    await nextFrame(visit.tab);
    await visit.tab.evaluate(() => scrollTo(0, 0));
    await nextFrame(visit.tab);
    await visit.leave();
    expect(await depths(visit, 1)).toEqual([["/beacons/scroll-depth.html", 50]]);
  });

  it("measures by the length the page has in the end", async () => {
    const visit = await lab.visit(browser(), "scroll-depth");
    await visit.tab.evaluate(() => scrollTo(0, 9999));
    await nextFrame(visit.tab);
    await visit.tab.evaluate(() => {
      (document.querySelector("#text") as HTMLElement).style.height = "800vh";
    });
    await nextFrame(visit.tab);
    await visit.leave();
    expect(await depths(visit, 1)).toEqual([["/beacons/scroll-depth.html", 50]]);
  });

  it("begins at the top of the next view, although the router has not scrolled yet", async () => {
    const visit = await lab.visit(browser(), "scroll-depth");
    await visit.tab.evaluate(() => scrollTo(0, 9999));
    await nextFrame(visit.tab);
    // A view that moves on at once is a redirect.
    await new Promise((resolve) => setTimeout(resolve, 200));
    await visit.tab.evaluate(() => history.pushState({}, "", "/next"));
    await nextFrame(visit.tab);
    await visit.leave();
    expect(await depths(visit, 3)).toEqual([
      ["/beacons/scroll-depth.html", 100],
      ["/next", 25],
    ]);
  });

  it("counts a page that fits the window as a whole", async () => {
    const visit = await lab.visit(browser(), "scroll-short");
    await nextFrame(visit.tab);
    await visit.leave();
    expect(await depths(visit, 1)).toEqual([["/beacons/scroll-short.html", 100]]);
  });

  it("takes what scrolls inside the page for the page, and not a small box", async () => {
    const visit = await lab.visit(browser(), "scroll-inside");
    const scroll = (selector: string) =>
      visit.tab.evaluate((inside) => document.querySelector(inside)?.scrollTo(0, innerHeight), selector);
    await scroll("main");
    await nextFrame(visit.tab);
    await scroll("#box");
    await nextFrame(visit.tab);
    await visit.leave();
    const [depth] = await depths(visit, 1);
    // The box is above the text, so that it is a little less than half.
    expect(depth?.[1]).toBeGreaterThan(45);
    expect(depth?.[1]).toBeLessThan(51);
  });

  it("sends nothing while the visitor reads", async () => {
    const visit = await lab.visit(browser(), "scroll-depth");
    for (const y of [100, 900, 300, 2000]) {
      await visit.tab.evaluate((top) => scrollTo(0, top), y);
      await nextFrame(visit.tab);
    }
    expect((await visit.events(1)).map(({ event }) => event)).toEqual(["page_view"]);
  });
});
