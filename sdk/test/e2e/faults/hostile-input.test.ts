import { expect, it } from "vitest";
import { describeInBrowsers } from "../browsers/describe-in-browsers.ts";
import { names } from "../names.ts";
import { openFaultLab } from "../open-fault-lab.ts";

const lab = openFaultLab();

const LOST = ["cyclic", "big_int", "throwing_getter", "throwing_to_json"];
/** More than the collector takes, and nothing that the SDK must cut: sent or not, it is not lost in silence. */
const TOO_MUCH = ["deep", "many_keys", "many_texts"];
const STRIPPED = ["functions", "symbols", "not_a_number", "dom_node", "ten_megabytes", "proto", "lone_surrogates"];

describeInBrowsers("hostile input", (browser) => {
  it("never throws into the page: what can be sent arrives, the rest is counted", async () => {
    const { proxy, open, conserves } = await lab.begin(browser());
    const tab = await open();
    expect(await tab.evaluate(() => window.trackHostile())).toEqual([]);
    const stored = await conserves([
      "page_view",
      ...LOST,
      ...STRIPPED,
      ...TOO_MUCH,
      "event_object",
      "no_metadata",
      ...names("bad name", 11),
    ]);
    expect(Object.keys(proxy.lost()).sort()).toEqual(["invalid_event", "rejected_schema"]);

    const metadataOf = (name: string) => stored.find(({ event }) => event === name)?.metadata;
    for (const name of STRIPPED) expect(metadataOf(name)).toMatchObject({ kept: 1 });
    expect(JSON.stringify(metadataOf("ten_megabytes"))).toMatch(/x{2000}…"/);
    expect(await tab.evaluate(() => "polluted" in {})).toBe(false);
  });
});
