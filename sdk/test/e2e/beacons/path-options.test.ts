import { expect, it } from "vitest";
import { describeInBrowsers } from "../browsers/describe-in-browsers.ts";
import { openBeaconLab, type Visit } from "../open-beacon-lab.ts";

const lab = openBeaconLab("path-options");

/** Later than a view needs for its title: 0.1 s. What moves on before was a redirect. */
const VIEW_MS = 300;

describeInBrowsers("what counts as the page", (browser) => {
  it("is with routePath the pattern: no id is sent, and pages that are left out are not counted", async () => {
    const visit = await lab.visit(browser(), "path-options");
    await route(
      visit,
      "/users/1?token=secret&utm_source=news",
      "/users/2",
      "/files/a/secret.pdf",
      "/admin/users",
      "/users/3",
    );
    const events = await visit.events(4);
    expect(events.map(({ event, url }) => `${event} ${url}`)).toEqual([
      "page_view /beacons/path-options.html",
      "page_view /users/:id?utm_source=news",
      "page_view /users/:id",
      "page_view /files/*",
      "page_view /users/:id",
    ]);
    expect(JSON.stringify(events)).not.toMatch(/secret|admin|users.[123]/);
  });

  it("is with queryPath the query as well, of which nothing is sent", async () => {
    const visit = await lab.visit(browser(), "left");
    await visit.tab.goto(`${visit.address("path-options")}#query`);
    await route(visit, "/list?tab=secret", "/list?tab=secret&token=secret", "/list?token=secret&tab=secret2");
    const events = await visit.events(3);
    expect(events.map(({ event, url }) => `${event} ${url}`)).toEqual([
      "page_view /beacons/path-options.html",
      "page_view /list",
      "page_view /list",
    ]);
    expect(JSON.stringify(events)).not.toContain("secret");
  });
});

/** Navigates inside the page, and stays on each. */
async function route({ tab }: Visit, ...addresses: readonly string[]): Promise<void> {
  for (const address of ["", ...addresses]) {
    if (address) await tab.evaluate((url) => history.pushState(null, "", url), address);
    await new Promise((resolve) => setTimeout(resolve, VIEW_MS));
  }
}
