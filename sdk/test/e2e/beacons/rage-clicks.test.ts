import { expect, it } from "vitest";
import { describeInBrowsers } from "../browsers/describe-in-browsers.ts";
import type { ClickOptions } from "../browsers/test-browser.ts";
import { openBeaconLab, type Visit } from "../open-beacon-lab.ts";

const lab = openBeaconLab("rage-clicks");

describeInBrowsers("rageClicks", (browser) => {
  it("tracks a burst of clicks once, by the tags round the button and nothing it says", async () => {
    const visit = await lab.visit(browser(), "rage-clicks");
    await click(visit, "#button", 6);
    const events = await visit.events(1);
    expect(events.map(({ event, metadata }) => [event, metadata])).toEqual([
      ["rage_click", { target: "html>body>main>button" }],
    ]);
    expect(JSON.stringify(events)).not.toContain("secret");
  });

  it("tracks a button in an open shadow root", async () => {
    const visit = await lab.visit(browser(), "rage-clicks");
    await click(visit, "#shadow >>> button", 3);
    expect((await visit.events(1)).map(({ metadata }) => metadata)).toEqual([{ target: "body>main>p>button" }]);
  });

  it("tracks nothing where it is meant: in a field, on a label, on a stepper that says so, with the right button", async () => {
    const visit = await lab.visit(browser(), "rage-clicks");
    await click(visit, "#field", 4);
    await click(visit, "#box", 4);
    await click(visit, "#step", 4);
    await click(visit, "#button", 4, { button: "right" });
    await click(visit, "#button", 2);
    expect(await visit.events(0)).toEqual([]);
  });

  it("tracks nothing where the clicks select text", async () => {
    const visit = await lab.visit(browser(), "rage-clicks");
    await visit.tab.evaluate(() => {
      // As the second and the third of three clicks by hand do: the test's mouse of Chromium makes three single ones.
      document.querySelector("#text")?.addEventListener("mouseup", (event) => {
        event.preventDefault();
        getSelection()?.selectAllChildren(event.currentTarget as Element);
      });
    });
    await click(visit, "#text", 3);
    expect(await visit.tab.evaluate(() => getSelection()?.isCollapsed)).toBe(false);
    expect(await visit.events(0)).toEqual([]);
  });
});

async function click(visit: Visit, selector: string, times: number, options?: ClickOptions): Promise<void> {
  const point = await visit.middleOf(selector);
  for (let time = 0; time < times; time++) await visit.tab.click(point, options);
}
