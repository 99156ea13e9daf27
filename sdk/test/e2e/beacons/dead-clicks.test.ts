import { expect, it } from "vitest";
import { describeInBrowsers } from "../browsers/describe-in-browsers.ts";
import { openBeaconLab, type Visit } from "../open-beacon-lab.ts";

const lab = openBeaconLab("dead-clicks");

/** The page gives a click 0.5 s. */
const WINDOW_MS = 700;

describeInBrowsers("deadClicks", (browser) => {
  it.each([
    ["a button without a handler", "#dead", "body>main>p>button"],
    ["a link to nowhere", "#placeholder", "body>main>p>a"],
    ["a link that the page has stopped", "#prevented", "body>main>p>a"],
    ["what the pointer says is a button", "#pointer", "body>main>p>span"],
    ["a button that only sends a request", "#sends", "body>main>p>button"],
    ["a button in an open shadow root", "#shadow >>> #silent", "body>main>p>button"],
  ])("tracks a click on %s", async (_, selector, target) => {
    const visit = await lab.visit(browser(), "dead-clicks");
    await visit.click(selector);
    await settle();
    const events = await visit.events(1);
    expect(events.map(({ event, metadata }) => [event, metadata])).toEqual([["dead_click", { target }]]);
    expect(JSON.stringify(events)).not.toContain("secret");
  });

  it.each([
    ["what changes the document", ["#writes", "#pressed", "#summary", "#shadow >>> #inside"]],
    ["what moves the page, its address or the focus", ["#routes", "#scrolls", "#part", "#part", "#focuses", "#label"]],
    ["what need not answer", ["#text", "#checked", "#canvas", "#download", "#ignored", "#invalid"]],
  ])("tracks nothing for %s, and goes on", async (_, selectors) => {
    const visit = await lab.visit(browser(), "dead-clicks");
    for (const selector of selectors) {
      await visit.click(selector);
      await settle();
    }
    expect(await visit.events(0)).toEqual([]);
    await visit.click("#dead");
    await settle();
    expect(targets(await visit.events(1))).toEqual(["body>main>p>button"]);
  });

  it.each(["#popover", "#select", "#opens"])("tracks nothing for %s, which opens something", async (selector) => {
    const visit = await lab.visit(browser(), "dead-clicks");
    await visit.click(selector);
    await settle();
    expect(await visit.events(0)).toEqual([]);
  });

  it("tracks nothing where a key is held", async () => {
    const visit = await lab.visit(browser(), "dead-clicks");
    for (const holding of ["Alt", "Shift"] as const) await visit.click("#dead", { holding });
    await settle();
    expect(await visit.events(0)).toEqual([]);
  });

  it("tracks a click after one that was answered, and both of two", async () => {
    const visit = await lab.visit(browser(), "dead-clicks");
    await visit.click("#writes");
    await settle();
    await visit.click("#dead");
    await visit.click("#pointer");
    await settle();
    expect(targets(await visit.events(2))).toEqual(["body>main>p>button", "body>main>p>span"]);
  });
});

function targets(events: Awaited<ReturnType<Visit["events"]>>): unknown[] {
  return events.map(({ metadata }) => metadata?.target);
}

function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, WINDOW_MS));
}
