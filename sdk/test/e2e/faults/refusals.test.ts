import { expect, it } from "vitest";
import { describeInBrowsers } from "../browsers/describe-in-browsers.ts";
import { poll } from "../browsers/poll.ts";
import { answer, pass, resetBefore } from "../faulty-proxy.ts";
import { names } from "../names.ts";
import { openFaultLab, SPEED } from "../open-fault-lab.ts";

const lab = openFaultLab();

describeInBrowsers("an edge that refuses", (browser) => {
  it("once with 503 gets the same events again, after a second or two", async () => {
    const { proxy, open, conserves } = await lab.begin(browser());
    proxy.next(answer(503));
    await open({ early: 5 });
    await conserves(["page_view", ...names("early", 5)], 8000);

    const [first, second] = proxy.requests;
    expect(proxy.requests.map(({ status }) => status)).toEqual([503, 202]);
    expect(second?.events).toEqual(first?.events);
    const waitMs = (Number(second?.at) - Number(first?.at)) * SPEED;
    expect(waitMs).toBeGreaterThan(900);
    expect(waitMs).toBeLessThan(4000);
  });

  it("for a minute with 503 is asked less and less often, and gets everything afterwards, in order", async () => {
    const { proxy, open, conserves } = await lab.begin(browser());
    proxy.always(answer(503));
    const speed = 20;
    const tab = await open({ speed, early: 1 });
    for (let tenSeconds = 0; tenSeconds < 6; tenSeconds++) {
      await tab.evaluate((name) => window.trackMany(name, 50), `after_${tenSeconds}`);
      await new Promise((resolve) => setTimeout(resolve, 10_000 / speed));
    }
    expect(proxy.requests.length).toBeLessThanOrEqual(8);
    proxy.always(pass);

    const made = ["page_view", "early_0", ...names("after", 6).flatMap((name) => names(name, 50))];
    const stored = await conserves(made);
    expect(stored.map(({ event }) => event)).toEqual(made);
    expect(proxy.lost()).toEqual({});
  });

  it("with 503 for longer than the queue lasts loses the oldest events, and is told how many", async () => {
    const { proxy, open, conserves } = await lab.begin(browser());
    proxy.always(answer(503, { "Retry-After": "10" }));
    const tab = await open();
    await poll("a refusal", () => proxy.requests[0]?.status === 503);
    await tab.evaluate(() => window.trackMany("much", 1500));
    proxy.always(pass);
    const stored = await conserves(["page_view", ...names("much", 1500)]);
    expect(stored.map(({ event }) => event)).toEqual(names("much", 1500).slice(500));
    expect(proxy.lost()).toEqual({ queue_full: 501 });
  });

  it("with 429 is left alone for as long as it asks, however much is tracked", async () => {
    const { proxy, open, conserves } = await lab.begin(browser());
    proxy.next(answer(429, { "Retry-After": "30" }));
    const tab = await open({ early: 1 });
    await poll("the refusal", () => proxy.requests[0]?.status === 429);
    await tab.evaluate(() => window.trackMany("more", 60));
    await conserves(["page_view", "early_0", ...names("more", 60)]);

    const [first, second] = proxy.requests;
    const waitMs = (Number(second?.at) - Number(first?.at)) * SPEED;
    expect(waitMs).toBeGreaterThan(29_900);
    expect(waitMs).toBeLessThan(70_000);
  });

  it("with 429 and a wait of days is asked again after five minutes and their jitter", async () => {
    const { proxy, open, conserves } = await lab.begin(browser());
    proxy.next(answer(429, { "Retry-After": "1000000" }));
    const speed = 200;
    await open({ speed, early: 1 });
    await conserves(["page_view", "early_0"]);

    const [first, second] = proxy.requests;
    const waitMs = (Number(second?.at) - Number(first?.at)) * speed;
    expect(waitMs).toBeGreaterThan(290_000);
    expect(waitMs).toBeLessThan(660_000);
  });

  it("with 413 gets the events in smaller batches", async () => {
    const { proxy, open, conserves } = await lab.begin(browser());
    proxy.always((exchange) =>
      (proxy.requests.at(-1)?.events.length ?? 0) > 3 ? answer(413)(exchange) : pass(exchange),
    );
    await open({ early: 9 });
    await conserves(["page_view", ...names("early", 9)]);
    expect(proxy.lost()).toEqual({});
  });

  it("with 403 is not asked again, and the loss is reported", async () => {
    const { proxy, open, conserves } = await lab.begin(browser());
    proxy.next(answer(403));
    const tab = await open({ early: 4 });
    await poll("the refusal", () => proxy.requests[0]?.status === 403);
    await tab.evaluate(() => window.trackMany("next", 1));
    const stored = await conserves(["page_view", ...names("early", 4), "next_0"]);
    expect(stored.map(({ event }) => event)).toEqual(["next_0"]);
    expect(proxy.lost()).toEqual({ http_403: 5 });
  });

  it("never answers is tried five times and then left alone, until the page turns", async () => {
    const { proxy, open, conserves } = await lab.begin(browser());
    proxy.always(resetBefore);
    const speed = 60;
    const tab = await open({ speed, early: 2 });
    await new Promise((resolve) => setTimeout(resolve, 120_000 / speed));
    await tab.evaluate(() => window.trackMany("more", 100));
    await new Promise((resolve) => setTimeout(resolve, 60_000 / speed));
    expect(proxy.requests.length).toBeLessThanOrEqual(5);

    proxy.always(pass);
    await tab.evaluate(() => dispatchEvent(new Event("online")));
    await conserves(["page_view", ...names("early", 2), ...names("more", 100)]);
  });
});
