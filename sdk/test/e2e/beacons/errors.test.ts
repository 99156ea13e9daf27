import { createServer } from "node:http";
import type { StoredEvent } from "@tallymark/sdk/protocol";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeInBrowsers } from "../browsers/describe-in-browsers.ts";
import { poll } from "../browsers/poll.ts";
import { type Listening, listenOnLoopback } from "../listen-on-loopback.ts";
import { openBeaconLab, type Visit } from "../open-beacon-lab.ts";

declare global {
  interface Window {
    /** What the handlers of the fixture page have heard, and they themselves. */
    heard: string[];
    handlers: unknown[];
    requestIds: string[];
    failures: { readonly [name: string]: () => void };
    calls: number;
  }
}

const lab = openBeaconLab("errors", "errors-resize", "errors-before-send");

/** Another site, whose script fails on our page. Firefox hides no more than what does not parse. */
let otherSite: Listening;
beforeAll(async () => {
  const script = "secret of the other site";
  const server = createServer((_, response) => response.setHeader("content-type", "text/javascript").end(script));
  otherSite = await listenOnLoopback(server);
});
afterAll(() => otherSite.close());

/** The page fails on purpose. */
const failing = { expectedComplaints: /./ };

/** Has the page fail in these ways, one after the other, and waits until its own handlers have heard of it. */
async function fail({ tab }: Visit, ...names: readonly string[]): Promise<void> {
  const before = await tab.evaluate(() => window.heard.length);
  await tab.evaluate((asked) => {
    for (const name of asked) setTimeout(window.failures[name] as () => void);
  }, names);
  await poll("the page to fail", () => tab.evaluate((count) => window.heard.length >= count, before + names.length));
}

const metadataOf = (events: readonly StoredEvent[]) =>
  events.filter(({ event }) => event === "error").map(({ metadata }) => metadata);

async function reportedAsDropped(): Promise<number> {
  const text = await (await fetch(`${lab.collector().url}/metrics`)).text();
  return Number(/^tallymark_client_dropped_events_total (\d+)$/m.exec(text)?.[1]);
}

describeInBrowsers("errors", (browser) => {
  it("tells of an error where and what it was, and nothing that an address had in it", async () => {
    const visit = await lab.visit(browser(), "errors", failing);
    await fail(visit, "error");
    const events = await visit.events(1);
    expect(events).toEqual([expect.objectContaining({ event: "error", url: "/beacons/errors.html", title: "Errors" })]);
    expect(metadataOf(events)).toEqual([
      {
        kind: "error",
        type: "TypeError",
        message: `made to fail at https://api.example/a of ${lab.origin()}/beacons/errors.html`,
        stack: [expect.stringMatching(/^load \/beacons\/errors\.html:\d+:\d+$/)],
        fingerprint: expect.stringMatching(/^\w+$/),
      },
    ]);
    expect(JSON.stringify(events)).not.toMatch(/bob|hunter2|t0k3n|s3cret|endpoint/);
  });

  it("makes one event of each thing that can be thrown", async () => {
    const visit = await lab.visit(browser(), "errors", failing);
    await fail(visit, "text", "nothing", "domException", "event", "otherRealm", "circle", "hostile");
    const told = metadataOf(await visit.events(7));
    const error = { kind: "error", stack: expect.arrayContaining([expect.stringContaining("/errors.html:")]) };
    expect(told).toHaveLength(7);
    expect(told).toEqual([
      expect.objectContaining({ ...error, type: "String", message: "made to fail" }),
      expect.objectContaining({ ...error, type: "ErrorEvent", message: expect.stringContaining("null") }),
      expect.objectContaining({ ...error, type: "SyntaxError", message: expect.stringContaining("[") }),
      expect.objectContaining({ ...error, type: "ErrorEvent", message: "made to fail" }),
      expect.objectContaining({ ...error, type: "RangeError", message: "made to fail" }),
      expect.objectContaining({ ...error, message: "made to fail: circle", cause: "Error: made to fail: circle" }),
      // Firefox does not know its place either.
      expect.objectContaining({ kind: "error", type: "object", message: "" }),
    ]);
  });

  it("makes one event of each rejection, with an error, a text, or nothing", async () => {
    const visit = await lab.visit(browser(), "errors", failing);
    await fail(visit, "rejection", "rejectionText", "rejectionNothing");
    expect(metadataOf(await visit.events(3))).toEqual([
      expect.objectContaining({ kind: "rejection", type: "Error", message: "made to fail: rejection" }),
      expect.objectContaining({ kind: "rejection", type: "String", message: "made to fail" }),
      expect.objectContaining({ kind: "rejection", type: "Undefined", message: "undefined" }),
    ]);
  });

  it("says nothing of elements that do not load, and of ResizeObserver loops", async () => {
    const visit = await lab.visit(browser(), "errors", failing);
    await fail(visit, "resizeLoop");
    expect(await visit.tab.evaluate(() => window.heard[0])).toMatch(/ResizeObserver loop/);
    await visit.tab.evaluate(() => window.failures.elements?.());
    expect(await visit.events(0)).toEqual([]);
  });

  it("tells of ResizeObserver loops where it is asked to, once", async () => {
    const visit = await lab.visit(browser(), "errors-resize", failing);
    await visit.tab.evaluate(() => new Promise((resolve) => setTimeout(resolve, 200)));
    expect(metadataOf(await visit.events(1))).toEqual([
      expect.objectContaining({ message: expect.stringMatching(/^ResizeObserver loop/) }),
    ]);
  });

  it("flags what the browser hides of another site's script", async () => {
    const visit = await lab.visit(browser(), "errors", failing);
    await visit.tab.evaluate((address) => {
      location.hash = address;
    }, otherSite.url);
    await fail(visit, "otherSite");
    const events = await visit.events(1);
    expect(metadataOf(events)).toEqual([
      // Firefox names the script.
      expect.objectContaining({ message: "Script error.", cross_origin: true }),
    ]);
    expect(JSON.stringify(events)).not.toContain("secret");
  });

  it("sends the same error once of a thousand, and reports the rest when the page is left", async () => {
    const before = await reportedAsDropped();
    const visit = await lab.visit(browser(), "errors", failing);
    await fail(visit, ...new Array<string>(1000).fill("error"));
    expect(await visit.events(1)).toHaveLength(1);
    await visit.leave();
    await poll("the report", async () => (await reportedAsDropped()) >= before + 999);
    expect(await reportedAsDropped()).toBe(before + 999);
  });

  it("tells the correlation id of the collector's last answer, across origins", async () => {
    const visit = await lab.visit(browser(), "errors", failing);
    await fail(visit, "error");
    await visit.events(1);
    await fail(visit, "circle");
    const [first, second] = metadataOf(await visit.events(2));
    const [requestId] = await visit.tab.evaluate(() => window.requestIds);
    expect(requestId).toMatch(/^[\w-]{8,64}$/);
    expect([first?.request_id, second?.request_id]).toEqual([undefined, requestId]);
  });

  it("leaves the page's handlers and the console alone, while it runs and after", async () => {
    const visit = await lab.visit(browser(), "errors", failing);
    await fail(visit, "error", "rejection");
    const handlers = () =>
      visit.tab.evaluate(() =>
        [window.onerror, window.onunhandledrejection].map((its, at) => its === window.handlers[at]),
      );
    expect(await handlers()).toEqual([true, true]);
    expect(await visit.tab.evaluate(() => window.heard)).toEqual([
      expect.stringMatching(/^5 .*made to fail at/),
      "Error: made to fail: rejection",
    ]);
    expect((await visit.profile.complaints()).join()).toMatch(/made to fail at/);
    await visit.events(2);

    await visit.tab.evaluate(() => window.client.stop());
    await fail(visit, "circle", "rejectionText");
    expect(await handlers()).toEqual([true, true]);
    expect(await visit.events(2)).toHaveLength(2);
  });

  it("does not go round in a circle with a hook that makes an error of each event", async () => {
    const visit = await lab.visit(browser(), "errors-before-send", failing);
    await poll("the hook", () => visit.tab.evaluate(() => window.calls > 1));
    await visit.tab.evaluate(async () => {
      for (let time = 0; time < 5; time++) {
        await window.client.flush();
        await new Promise((resolve) => setTimeout(resolve, 150));
      }
    });
    // The first error, and the first of the hook's own.
    expect(await visit.tab.evaluate(() => window.calls)).toBe(2);
  });
});
