import { fileURLToPath } from "node:url";
import type { StoredEvent } from "@tallymark/sdk/protocol";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import { describeInBrowsers } from "../browsers/describe-in-browsers.ts";
import { poll } from "../browsers/poll.ts";
import { openBeaconLab, type Visit } from "../open-beacon-lab.ts";

const lab = openBeaconLab(
  "page-views",
  "page-views-query",
  "page-views-hash",
  "page-views-blocked-storage",
  "page-views-off",
);

/** Later than a view needs for its title: 0.1 s. */
const TITLE_MS = 300;

const LOAD = ["/beacons/page-views.html", "First", "navigate"] as const;

describeInBrowsers("pageViews", (browser, { backForwardCache, prerender, hiddenTabs }) => {
  // ANCHORS-SDK.md, table 7.3. Its rows on delivery (70 KB at once, four times 30 KB, 503 once) are in `faults`, page-ends
  // and refusals, and in hostile-pages.
  describe("counts, as the table of what trackers count wants it:", () => {
    it.each<[step: string, act: () => unknown, wanted: readonly (readonly [string, string, string])[]]>([
      ["the load, once", () => {}, []],
      [
        "pushState once, with the title that the page sets 50 ms later",
        () => {
          history.pushState(null, "", "/a");
          setTimeout(() => {
            document.title = "Late";
          }, 50);
        },
        [["/a", "Late", "soft_navigation"]],
      ],
      ["pushState of the same address not at all", () => history.pushState(null, "", location.href), []],
      ["pushState of another query not at all", () => history.pushState(null, "", "?x=1"), []],
      ["replaceState once", () => history.replaceState(null, "", "/b"), [["/b", "First", "soft_navigation"]]],
      [
        "back once",
        async () => {
          history.pushState(null, "", "/a");
          await new Promise((resolve) => setTimeout(resolve, 300));
          history.back();
        },
        [
          ["/a", "First", "soft_navigation"],
          ["/beacons/page-views.html", "First", "soft_navigation"],
        ],
      ],
      [
        "a fragment not at all",
        () => {
          location.hash = "#h";
        },
        [],
      ],
      [
        "three pushes in 30 ms once, as the last address",
        () => {
          for (const [step, path] of ["/r1", "/r2", "/r3"].entries())
            setTimeout(() => history.pushState(null, "", path), step * 10);
        },
        [["/r3", "First", "soft_navigation"]],
      ],
    ])("%s", async (_, act, wanted) => {
      const visit = await lab.visit(browser(), "page-views");
      await visit.events(1);
      await visit.tab.evaluate(act);
      await settle();
      expect(toViews(await visit.events(1 + wanted.length))).toEqual([LOAD, ...wanted]);
    });

    it("the load where the getters of storage throw", async () => {
      const visit = await lab.visit(browser(), "page-views-blocked-storage");
      expect(toViews(await visit.events(1))).toEqual([
        ["/beacons/page-views-blocked-storage.html", "Storage that throws", "navigate"],
      ]);
    });

    it("pushState of another query once where queryPath says so, and tells nothing of it", async () => {
      const visit = await lab.visit(browser(), "page-views-query");
      await visit.events(1);
      await visit.tab.evaluate(() => history.pushState(null, "", `${location.search}&x=1`));
      await settle();
      await visit.tab.evaluate(() => history.pushState(null, "", `${location.search}&y=1`));
      await settle();
      const path = "/beacons/page-views-query.html";
      expect(toViews(await visit.events(2))).toEqual([
        [path, "First", "navigate"],
        [path, "First", "soft_navigation"],
      ]);
    });
  });

  it("counts a route of a hash router once, though popstate and hashchange both tell of it", async () => {
    const visit = await lab.visit(browser(), "page-views-hash");
    await visit.events(1);
    const told = await visit.tab.evaluate(async () => {
      const types: string[] = [];
      for (const type of ["popstate", "hashchange"]) addEventListener(type, () => types.push(type));
      location.hash = "#/users/1?token=secret";
      await new Promise((resolve) => setTimeout(resolve, 300));
      return types;
    });
    expect(told).toEqual(["popstate", "hashchange"]);
    expect(toViews(await visit.events(2)).map(([url]) => url)).toEqual([
      "/beacons/page-views-hash.html",
      "/beacons/page-views-hash.html/users/1",
    ]);
  });

  it("gives what is tracked after a view the view's id and address", async () => {
    const visit = await lab.visit(browser(), "page-views");
    await visit.events(1);
    await visit.tab.evaluate(() => {
      window.client.track("on_first");
      history.pushState(null, "", "/next");
      window.client.track("on_next");
      // Not counted as a page, and not told as one.
      history.pushState(null, "", "/next#part");
      window.client.track("on_part");
    });
    await settle();
    const events = await visit.events(5);
    const [first, , next] = events;
    expect(events.map(({ event, url, page_view_id }) => [event, url, page_view_id])).toEqual([
      ["page_view", "/beacons/page-views.html", first?.page_view_id],
      ["on_first", "/beacons/page-views.html", first?.page_view_id],
      ["page_view", "/next", next?.page_view_id],
      ["on_next", "/next", next?.page_view_id],
      ["on_part", "/next", next?.page_view_id],
    ]);
    expect(first?.page_view_id).toBeTruthy();
    expect(next?.page_view_id).toBeTruthy();
    expect(next?.page_view_id).not.toBe(first?.page_view_id);
    expect(next?.referrer).toContain("/beacons/page-views.html");
  });

  it("leaves pages alone that do not ask for it: no view, and no id of one", async () => {
    const visit = await lab.visit(browser(), "page-views-off");
    await visit.tab.evaluate(() => {
      window.client.track("alone");
      history.pushState(null, "", "/next");
    });
    const [alone, ...others] = await visit.events(1);
    expect(alone?.event).toBe("alone");
    expect(alone).not.toHaveProperty("page_view_id");
    expect(others).toEqual([]);
  });

  it("is not needed for a view that the page tracks itself: what follows is of that", async () => {
    const visit = await lab.visit(browser(), "page-views-off");
    await visit.tab.evaluate(() => {
      window.client.track("page_view", undefined, { url: "/virtual" });
      window.client.track("after");
    });
    const [view, after] = await visit.events(2);
    expect(view?.page_view_id).toBeTruthy();
    expect([view?.url, after?.url]).toEqual(["/virtual", "/virtual"]);
    expect(after?.page_view_id).toBe(view?.page_view_id);
  });

  it("counts a reload as one", async () => {
    const visit = await lab.visit(browser(), "page-views");
    await visit.events(1);
    await visit.tab.evaluate(() => void setTimeout(() => location.reload()));
    await poll("the reload", () =>
      visit.tab.evaluate(() => JSON.stringify(performance.getEntriesByType("navigation")).includes('"reload"')),
    );
    expect(toViews(await visit.events(2))).toEqual([LOAD, ["/beacons/page-views.html", "First", "reload"]]);
  });

  it("counts a page that the visitor comes back to", async () => {
    const visit = await lab.visit(browser(), "page-views");
    const [first] = await visit.events(1);
    await visit.leave();
    await visit.tab.back();
    const events = await visit.events(2);
    expect(toViews(events).map(([, , navigation]) => navigation)).toEqual([
      "navigate",
      backForwardCache ? "back_forward_cache" : "back_forward",
    ]);
    expect(events[1]?.page_view_id).toBeTruthy();
    expect(events[1]?.page_view_id).not.toBe(first?.page_view_id);
  });

  it("runs in frames without an address, and the page hears of no error", async () => {
    const visit = await lab.visit(browser(), "left");
    const name = new URL(visit.address()).search;
    const code = await bundleFramed();
    const sent = await visit.tab.evaluate(
      async (given) => {
        const html = `<!doctype html><title>Framed</title><script>${given.code}</script>`;
        const sources = [
          { srcdoc: html },
          { src: `data:text/html,${encodeURIComponent(html)}` },
          { srcdoc: html, sandbox: "allow-scripts" },
          { src: given.page },
        ];
        let count = 0;
        addEventListener("message", ({ data }) => {
          if (data === "sent") count++;
        });
        for (const source of sources) {
          const frame = document.createElement("iframe");
          for (const [key, value] of Object.entries({ name: given.name, ...source })) frame.setAttribute(key, value);
          document.body.append(frame);
        }
        const giveUpAt = Date.now() + 10_000;
        while (count < 3 && Date.now() < giveUpAt) await new Promise((resolve) => setTimeout(resolve, 20));
        return count;
      },
      { name, code, page: visit.address("page-views") },
    );
    expect(sent).toBe(3);
    const events = await visit.events(2);
    // The one with an address waits for its timer, as in any page.
    expect(toViews(events)).toEqual([
      ["/", "Framed", "navigate"],
      ["/beacons/page-views.html", "First", "navigate"],
    ]);
  });

  if (hiddenTabs) {
    it("counts a page in the background when it is first seen", async () => {
      const visit = await lab.visit(browser(), "left");
      const front = await visit.profile.open(visit.address("left"));
      await visit.tab.goto(visit.address("page-views"));
      expect(await visit.tab.evaluate(() => document.visibilityState)).toBe("hidden");
      await visit.tab.evaluate(() => {
        history.pushState(null, "", "/unseen");
        history.pushState(null, "", "/seen");
      });
      await settle();
      expect(await visit.events(0)).toEqual([]);

      await front.close();
      await poll("the page to be seen", () => visit.tab.evaluate(() => document.visibilityState === "visible"));
      expect(toViews(await visit.events(1))).toEqual([["/seen", "First", "navigate"]]);
    });

    it("counts a page that the browser had discarded", async () => {
      const visit = await lab.visit(browser(), "page-views");
      await visit.events(1);
      const { restore } = await visit.tab.discard();
      await restore();
      expect(toViews(await visit.events(2)).map(([, , navigation]) => navigation)).toEqual([
        "navigate",
        // The browser takes it out of its history again.
        "back_forward",
      ]);
    });
  }

  if (prerender) {
    it("counts a prerendered page when it is shown, once", async () => {
      const visit = await lab.visit(browser(), "left");
      await prerenderPage(visit);
      await settle();
      expect(await visit.events(0)).toEqual([]);
      await goToPrerendered(visit);
      expect(toViews(await visit.events(1)).map(([url, title]) => [url, title])).toEqual([LOAD.slice(0, 2)]);
    });
  }
});

/** Address without origin, title, and how it came about. */
function toViews(events: readonly StoredEvent[]): unknown[][] {
  return events.map(({ event, url, title, metadata }) => [
    event === "page_view" ? `${url}` : `${event} at ${url}`,
    title,
    metadata?.navigation,
  ]);
}

function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, TITLE_MS));
}

/** Has a page loaded that nobody sees, and waits until it runs. */
async function prerenderPage({ tab, address }: Visit): Promise<void> {
  await tab.evaluate((url) => {
    const rules = document.createElement("script");
    rules.type = "speculationrules";
    rules.text = JSON.stringify({ prerender: [{ urls: [url], eagerness: "immediate" }] });
    document.head.append(rules);
  }, address("page-views"));
  await poll("the page to be prerendered", () => tab.evaluate(() => localStorage.getItem("prerendered") !== null));
}

/** Goes to the page that `prerenderPage` has loaded. */
async function goToPrerendered({ tab, address }: Visit): Promise<void> {
  // In a task of its own, and nothing is asked meanwhile: the debugger's session ends with the page that is left.
  await tab.evaluate((url) => void setTimeout(() => location.assign(url)), address("page-views"));
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const activationStart = await tab.evaluate(() => {
    const [load] = performance.getEntriesByType("navigation");
    return (load as { activationStart?: number } | undefined)?.activationStart;
  });
  expect(activationStart).toBeGreaterThan(0);
}

/** As the text of one script, for a frame has no folder to load others from. */
async function bundleFramed(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("../fixtures/beacons/page-views-framed.ts", import.meta.url))],
    bundle: true,
    minify: true,
    format: "iife",
    define: { "process.env.NODE_ENV": '"production"' },
    write: false,
  });
  return outputFiles.map(({ text }) => text).join("");
}
