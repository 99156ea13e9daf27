import type { StoredEvent } from "@tallymark/sdk/protocol";
import { expect, it } from "vitest";
import { describeInBrowsers } from "../browsers/describe-in-browsers.ts";
import { openBeaconLab } from "../open-beacon-lab.ts";

const lab = openBeaconLab("not-found", "404");

/** The page has a view looked at after 0.3 s. */
const SETTLE_MS = 500;

describeInBrowsers("notFound", (browser) => {
  it("tracks a page that came with status 404, once, and not the view that follows inside it", async () => {
    const visit = await lab.visit(browser(), "404");
    await settle();
    await visit.tab.evaluate(() => history.pushState(null, "", "/next"));
    await settle();
    const events = await visit.events(3);
    await visit.leave();
    expect(await visit.events(3)).toHaveLength(3);
    expect(toPaths(events)).toEqual([
      ["page_view", "/beacons/404.html"],
      ["not_found", "/beacons/404.html"],
      ["page_view", "/next"],
    ]);
    expect(events[1]?.page_view_id).toBe(events[0]?.page_view_id);
  });

  it("tracks it also where the visitor leaves at once", async () => {
    const visit = await lab.visit(browser(), "404");
    await visit.leave();
    expect(toPaths(await visit.events(2))).toEqual([
      ["page_view", "/beacons/404.html"],
      ["not_found", "/beacons/404.html"],
    ]);
  });

  it("tracks nothing for a page that is there, and each view that the page marks, once", async () => {
    const visit = await lab.visit(browser(), "not-found");
    await settle();
    for (const [path, isMarked] of [
      ["/a", true],
      ["/b", false],
      ["/c", true],
    ] as const) {
      await visit.tab.evaluate(
        (page) => {
          history.pushState(null, "", page.path);
          // As a router does, after the address.
          document.querySelector("main")?.toggleAttribute("data-tallymark-not-found", page.isMarked);
        },
        { path, isMarked },
      );
      await settle();
    }
    await visit.leave();
    const events = await visit.events(6);
    expect(toPaths(events)).toEqual([
      ["page_view", "/beacons/not-found.html"],
      ["page_view", "/a"],
      ["not_found", "/a"],
      ["page_view", "/b"],
      ["page_view", "/c"],
      ["not_found", "/c"],
    ]);
  });
});

function toPaths(events: readonly StoredEvent[]): unknown[][] {
  return events.map(({ event, url }) => [event, url]);
}

function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
}
