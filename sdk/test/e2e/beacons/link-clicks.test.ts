import { createServer } from "node:http";
import { expect, it } from "vitest";
import { describeInBrowsers } from "../browsers/describe-in-browsers.ts";
import { poll } from "../browsers/poll.ts";
import type { ClickOptions, TestBrowser } from "../browsers/test-browser.ts";
import { listenOnLoopback } from "../listen-on-loopback.ts";
import { openBeaconLab, type Visit } from "../open-beacon-lab.ts";

const lab = openBeaconLab("links");

const other = () => new URL(lab.otherOrigin()).host;
const outbound = () => ["outbound_click", { href: `${other()}/beacons/left.html` }];

async function visit(browser: TestBrowser): Promise<Visit> {
  const opened = await lab.visit(browser, "links");
  await opened.tab.goto(`${opened.address()}&other=${encodeURIComponent(lab.otherOrigin())}`);
  return opened;
}

/** What was told but the page views. */
async function told({ events }: Visit, count: number) {
  return (await events(count + 2))
    .filter(({ event }) => event !== "page_view")
    .map(({ event, metadata }) => [event, metadata]);
}

describeInBrowsers("linkClicks and taggedEvents", (browser) => {
  it.each<[title: string, selector: string]>([
    ["a link to another host, without its query", "#outbound"],
    ["an element inside a link", "#inner"],
    ["a picture inside a link", "#circle"],
    ["a link inside a picture", "#rect"],
    ["a link in an open shadow root", "#host >>> #shadowed"],
  ])("tell %s, and the visitor gets there", async (_title, selector) => {
    const opened = await visit(browser());
    await opened.click(selector);
    await poll("the other host", () => opened.tab.evaluate(() => location.pathname.endsWith("left.html")));
    expect(await told(opened, 1)).toEqual([outbound()]);
  });

  it.each<[title: string, options: ClickOptions]>([
    ["the middle button", { button: "middle" }],
    ["Control", { holding: "Control" }],
    ["Shift", { holding: "Shift" }],
  ])("tell a click with %s once, which leaves the page where it is", async (_title, options) => {
    const opened = await visit(browser());
    await opened.click("#outbound", options);
    expect(await told(opened, 1)).toEqual([outbound()]);
    expect(await opened.tab.evaluate(() => location.pathname)).toBe("/beacons/links.html");
  });

  it("tell a link that is opened from the keyboard", async () => {
    const opened = await visit(browser());
    await opened.tab.evaluate(() => document.querySelector<HTMLElement>("#outbound")?.focus());
    await opened.tab.press("Enter");
    await poll("the other host", () => opened.tab.evaluate(() => location.pathname.endsWith("left.html")));
    expect(await told(opened, 1)).toEqual([outbound()]);
  });

  it("say nothing of the right button, of links on this host, and of what is to be ignored", async () => {
    const opened = await visit(browser());
    await opened.click("#outbound", { button: "right" });
    await opened.tab.press("Escape");
    await opened.click("#ignored", { button: "middle" });
    await opened.click("#inside");
    await poll("the next page", () => opened.tab.evaluate(() => location.pathname.endsWith("left.html")));
    expect(await told(opened, 0)).toEqual([]);
  });

  it("tell a file, on another host as an outbound click", async () => {
    const opened = await visit(browser());
    await opened.click("#file", { button: "middle" });
    await opened.click("#foreign-file", { button: "middle" });
    expect(await told(opened, 2)).toEqual([
      ["file_download", { href: `${new URL(lab.origin()).host}/report.pdf` }],
      ["outbound_click", { href: `${other()}/report.pdf` }],
    ]);
  });

  it("tell what is tagged as its event alone, wherever it leads", async () => {
    const opened = await visit(browser());
    await opened.click("#tagged", { button: "middle" });
    await opened.click("#in-tagged");
    await opened.click("#nowhere");
    expect(await told(opened, 3)).toEqual([
      ["brochure", { lang: "en" }],
      ["card", {}],
      ["nowhere", {}],
    ]);
  });

  it("do not hold up the visitor, though the collector never answers", async () => {
    const asked: string[] = [];
    const silent = await listenOnLoopback(createServer(({ url = "" }) => asked.push(url)));
    const opened = await lab.visit(browser(), "links");
    const query = new URLSearchParams({ endpoint: silent.url, other: lab.otherOrigin() });
    await opened.tab.goto(`${lab.origin()}/beacons/links.html?${query}`);
    await opened.click("#outbound");
    await poll("the other host", () => opened.tab.evaluate(() => location.pathname.endsWith("left.html")));
    await poll("the events", () => asked.length > 0);
    await silent.close();
    expect(asked).toEqual(["/api/metrics/events"]);
  });

  it("leave a link to the page that handles it: told once, gone nowhere, no reload, no second navigation", async () => {
    const opened = await visit(browser());
    // A view that moves on at once is a redirect.
    await new Promise((resolve) => setTimeout(resolve, 200));
    await opened.click("#prevented");
    await opened.click("#mail");
    await opened.click("#routed");
    expect(await opened.tab.evaluate(() => [location.pathname, (window as { routes?: number }).routes])).toEqual([
      "/routed",
      1,
    ]);
    const events = await opened.events(6);
    expect(events.slice(2).map(({ event, metadata, url }) => [event, metadata?.href, url])).toEqual([
      ["outbound_click", `${other()}/beacons/left.html`, "/beacons/links.html"],
      ["contact_click", "mailto:", "/beacons/links.html"],
      ["routed", undefined, "/beacons/links.html"],
      ["page_view", undefined, "/routed"],
    ]);
    expect(JSON.stringify(events)).not.toContain("jane");
  });
});
