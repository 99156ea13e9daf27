import { expect, it } from "vitest";
import { describeInBrowsers } from "../browsers/describe-in-browsers.ts";
import { openBeaconLab, type Visit } from "../open-beacon-lab.ts";

const lab = openBeaconLab("session-start");

const CAMPAIGN = "&utm_source=news&utm_campaign=a%20b&token=secret";

describeInBrowsers("sessionStart", (browser) => {
  it("tells once who brought the visitor: not on the next page, not in another tab, not after a reload", async () => {
    const visit = await lab.visit(browser(), "left");
    await follow(visit, visit.address("session-start").replace(lab.origin(), lab.otherOrigin()) + CAMPAIGN);
    const [view, session] = await visit.events(2);
    expect(session).toMatchObject({
      event: "session_start",
      page_view_id: view?.page_view_id,
      session_id: view?.session_id,
      url: view?.url,
      metadata: { utm_source: "news", utm_campaign: "a b", referrer_host: new URL(lab.origin()).host },
    });
    await visit.tab.evaluate(() => history.pushState(null, "", "/next"));
    await follow(visit, visit.address("session-start").replace(lab.origin(), lab.otherOrigin()) + CAMPAIGN);
    const second = await visit.profile.open(
      visit.address("session-start").replace(lab.origin(), lab.otherOrigin()) + CAMPAIGN,
    );
    await second.evaluate(() => window.client.flush());
    const events = await visit.events(5);
    expect(events.map(({ event }) => event)).toEqual([
      "page_view",
      "session_start",
      "page_view",
      "page_view",
      "page_view",
    ]);
    expect(new Set(events.map(({ session_id }) => session_id)).size).toBe(1);
    expect(JSON.stringify(events)).not.toContain("secret");
  });

  it("tells of the next view where the page stayed open for half an hour", async () => {
    const visit = await lab.visit(browser(), "session-start");
    await visit.events(2);
    // The clock of a page cannot be turned from here; what is stored can.
    await visit.tab.evaluate(async () => {
      const [visitor, session] = JSON.parse(localStorage.getItem("tallymark_id") as string);
      localStorage.setItem("tallymark_id", JSON.stringify([visitor, session, Date.now() - 1_800_000]));
      // A page reads it again after 5 s.
      await new Promise((resolve) => setTimeout(resolve, 5100));
      history.pushState(null, "", "/next");
    });
    const events = await visit.events(4);
    expect(events.map(({ event, url }) => [event, url])).toEqual([
      ["page_view", "/beacons/session-start.html"],
      ["session_start", "/beacons/session-start.html"],
      ["page_view", "/next"],
      ["session_start", "/next"],
    ]);
    expect(events[3]?.session_id).toBe(events[2]?.session_id);
    expect(events[3]?.session_id).not.toBe(events[0]?.session_id);
  });

  it("touches no storage while consent is pending, and tells of the first view when it is given", async () => {
    const visit = await lab.visit(browser(), "left");
    await follow(visit, `${visit.address("session-start")}&consent=pending${CAMPAIGN}`);
    // What moves on within 0.1 s was a redirect.
    expect(await visit.events(0)).toEqual([]);
    await visit.tab.evaluate(() => history.pushState(null, "", "/next"));
    expect(await visit.events(0)).toEqual([]);
    expect(await visit.tab.evaluate(() => localStorage.length + sessionStorage.length)).toBe(0);
    await visit.tab.evaluate(() => window.client.optIn());
    const events = await visit.events(3);
    const session = events.find(({ event }) => event === "session_start");
    expect(events).toHaveLength(3);
    expect(session?.metadata).toEqual({ utm_source: "news", utm_campaign: "a b" });
    expect(session?.page_view_id).toBe(events[0]?.page_view_id);
  });

  it.each(["memory", "none"])(
    "counts with identity %s what comes from elsewhere, and not the next page",
    async (identity) => {
      const visit = await lab.visit(browser(), "left");
      const address = `${visit.address("session-start")}&identity=${identity}`;
      await visit.tab.goto(address);
      await visit.events(2);
      await follow(visit, address);
      expect((await visit.events(3)).map(({ event }) => event)).toEqual(["page_view", "session_start", "page_view"]);
      expect(await visit.tab.evaluate(() => localStorage.length + sessionStorage.length)).toBe(0);
    },
  );
});

/** Goes to an address as a link does: with a referrer. */
async function follow(visit: Visit, address: string): Promise<void> {
  await visit.tab.evaluate(() => window.client?.flush());
  const from = await visit.tab.evaluate(() => performance.timeOrigin);
  await visit.tab.evaluate((href) => {
    const link = Object.assign(document.createElement("a"), { href, referrerPolicy: "unsafe-url" });
    document.body.append(link);
    setTimeout(() => link.click());
  }, address);
  const giveUpAt = Date.now() + 10_000;
  const isThere = () =>
    visit.tab
      .evaluate((before) => performance.timeOrigin !== before && document.readyState === "complete", from)
      // The page it was asked of is gone.
      .catch(() => false);
  while (!(await isThere())) if (Date.now() > giveUpAt) throw new Error(`${address} does not load`);
}
