import { expect, it } from "vitest";
import { EVERY_BEACON } from "../../every-beacon.ts";
import { describeInBrowsers } from "../browsers/describe-in-browsers.ts";
import { poll } from "../browsers/poll.ts";
import type { TestBrowser } from "../browsers/test-browser.ts";
import type {} from "../fixtures/beacons/leaves-no-trace.ts";
import { openBeaconLab } from "../open-beacon-lab.ts";

const lab = openBeaconLab("leaves-no-trace");

/**
 * The web-vitals library has no way to stop: of its own listeners and observers these stay, once for a page, and report to
 * nobody. Which and how many depends on the engine.
 */
const LIBRARY =
  /^(PerformanceObserver of (event|first-input|layout-shift|largest-contentful-paint|interaction-contentful-paint|soft-navigation)|(pageshow|prerenderingchange|visibilitychange|click|keydown) listener of Window)$/;

describeInBrowsers("a page", (browser) => {
  it("has nothing of the SDK for having imported it", async () => {
    const { tab } = await open(browser());
    const { before, imported } = await tab.evaluate(() => window.looks);
    expect(imported).toEqual(before);
  });

  for (const name of Object.keys(EVERY_BEACON)) {
    it(`is as it was when ${name} has stopped, for the tenth time too`, async () => {
      const { tab, click } = await open(browser());
      const { started } = await tab.evaluate(() => window.looks);
      await tab.evaluate((beacon) => window.startBeacon(beacon), name);
      // The books are kept: there is something to remove.
      expect(await tab.evaluate(() => window.look())).not.toEqual(started);
      await click("#button");
      await tab.wheel({ x: 100, y: 100 }, 200);
      const once = await tab.evaluate(() => {
        window.stir();
        window.stopBeacon();
        return window.look();
      });
      if (name === "webVitals") expect(without(once, started).filter((words) => !LIBRARY.test(words))).toEqual([]);
      else expect(once).toEqual(started);

      const tenTimes = await tab.evaluate((beacon) => {
        for (let time = 0; time < 10; time++) {
          window.startBeacon(beacon);
          window.stir();
          window.stopBeacon();
        }
        return window.look();
      }, name);
      expect(without(tenTimes, once)).toEqual([]);
    });
  }
});

/** What is in the one list and not, or not so often, in the other. */
function without(list: readonly string[], other: readonly string[]): string[] {
  const rest = [...other];
  return list.filter((words) => {
    const index = rest.indexOf(words);
    if (index >= 0) rest.splice(index, 1);
    return index < 0;
  });
}

async function open(browser: TestBrowser) {
  const visit = await lab.visit(browser, "leaves-no-trace");
  await poll("the page to be at rest", () => visit.tab.evaluate(() => Boolean(window.looks)));
  return visit;
}
