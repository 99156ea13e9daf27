import { expect, it } from "vitest";
import { describeInBrowsers } from "../browsers/describe-in-browsers.ts";
import { openBeaconLab, type Visit } from "../open-beacon-lab.ts";

const lab = openBeaconLab("form-submits");

/** What was told but the page view. */
async function told({ events }: Visit, count: number) {
  return (await events(count + 1))
    .filter(({ event }) => event !== "page_view")
    .map(({ event, metadata }) => [event, metadata]);
}

describeInBrowsers("formSubmits", (browser) => {
  it("tells which form was sent, and nothing of what is in it", async () => {
    const visit = await lab.visit(browser(), "form-submits");
    await visit.click("#plain button");
    expect(await told(visit, 1)).toEqual([["form_submit", { id: "plain", name: "search" }]]);
    expect(JSON.stringify(await visit.events(2))).not.toContain("secret");
  });

  it("tells it once where the visitor presses Enter in a field", async () => {
    const visit = await lab.visit(browser(), "form-submits");
    await visit.click("#plain input");
    await visit.tab.press("Enter");
    expect(await told(visit, 1)).toEqual([["form_submit", { id: "plain", name: "search" }]]);
  });

  it("says nothing of a form the browser finds invalid, until it is valid; the page may send it itself", async () => {
    const visit = await lab.visit(browser(), "form-submits");
    await visit.click("#handled button");
    expect(await told(visit, 0)).toEqual([]);
    await visit.click("#handled input");
    for (const key of ["a", "@", "b"]) await visit.tab.press(key);
    await visit.click("#handled button");
    expect(await told(visit, 1)).toEqual([["form_submit", { id: "handled", name: null }]]);
  });

  it("believes a form that waives validation", async () => {
    const visit = await lab.visit(browser(), "form-submits");
    await visit.click("#novalidate button");
    expect(await told(visit, 1)).toEqual([["form_submit", { id: "novalidate", name: null }]]);
  });

  it("tells a tagged form as its event alone, once", async () => {
    const visit = await lab.visit(browser(), "form-submits");
    await visit.click("#tagged input");
    await visit.click("#tagged button");
    expect(await told(visit, 1)).toEqual([["signup", { plan: "pro" }]]);
  });

  it("says nothing of a form that is to be ignored, and does not hear of one a script sends", async () => {
    const visit = await lab.visit(browser(), "form-submits");
    await visit.click("#ignored button");
    await visit.tab.evaluate(() => (document.querySelector("#scripted") as HTMLFormElement).submit());
    expect(await told(visit, 0)).toEqual([]);
  });
});
