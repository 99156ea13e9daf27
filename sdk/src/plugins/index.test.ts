import { beforeEach, describe, expect, it, vi } from "vitest";
import { type Answer, heldAnswer, offline } from "../../test/fake-collector.ts";
import { fakeFetchLater } from "../../test/fake-fetch-later.ts";
import { openClientLab, settle, storedKeys, stubNavigator } from "../../test/open-client-lab.ts";
import { pageViews } from "../beacons/page-views.ts";
import { deferredFlush, offlineQueue } from "./index.ts";

const lab = openClientLab();
const down = new Array<Answer>(20).fill(offline);
let browser: ReturnType<typeof fakeFetchLater>;

beforeEach(() => {
  browser = fakeFetchLater();
});

const beacons = () => [pageViews(), offlineQueue(), deferredFlush()];

describe("a client with both plugins", () => {
  it("keeps what it could not send, with the browser and in storage", async () => {
    const { client } = lab.begin({ beacons: beacons() }, ...down);
    client.track("a");
    await client.flush();
    await vi.advanceTimersByTimeAsync(100);
    expect(browser.names()).toEqual(["page_view", "a"]);
    expect(storedKeys().sort()).toEqual(["tallymark_id", expect.stringMatching(/^tallymark_queue_/)]);
  });

  it.each(["memory", "none"] as const)("touches no storage where the identity is %s", async (identity) => {
    const { client } = lab.begin({ beacons: beacons(), identity }, ...down);
    client.track("a");
    await client.flush();
    await vi.advanceTimersByTimeAsync(1000);
    dispatchEvent(new Event("pagehide"));
    expect(storedKeys()).toEqual([]);
  });

  it("keeps in the storage that the identity says", async () => {
    const { client } = lab.begin({ beacons: beacons(), identity: "session" }, ...down);
    await client.flush();
    await vi.advanceTimersByTimeAsync(100);
    expect(Object.keys(localStorage)).toEqual([]);
    expect(Object.keys(sessionStorage)).toHaveLength(2);
  });

  it.each(["pending", "denied"] as const)("keeps nothing anywhere while consent is %s", async (consent) => {
    const { client } = lab.begin({ beacons: beacons(), consent });
    client.track("a");
    await vi.advanceTimersByTimeAsync(1000);
    dispatchEvent(new Event("pagehide"));
    expect(storedKeys()).toEqual([]);
    expect(browser.fetchLater).not.toHaveBeenCalled();
  });

  it("keeps nothing where Global Privacy Control is on", async () => {
    stubNavigator({ globalPrivacyControl: true });
    const { client } = lab.begin({ beacons: beacons() });
    client.track("a");
    await vi.advanceTimersByTimeAsync(1000);
    expect(storedKeys()).toEqual([]);
    expect(browser.fetchLater).not.toHaveBeenCalled();
  });

  it("wipes all of it by optOut, also what is under way, and nothing comes back", async () => {
    const held = heldAnswer();
    const { client } = lab.begin({ beacons: beacons() }, held.hold);
    client.flush();
    client.track("a");
    await vi.advanceTimersByTimeAsync(100);
    client.optOut();
    expect(storedKeys()).toEqual([]);
    expect(browser.deferred()).toEqual([]);
    held.release(503);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(storedKeys()).toEqual([]);
    expect(browser.deferred()).toEqual([]);
  });

  it("keeps each event once after optOut and optIn", async () => {
    const { client } = lab.begin({ beacons: beacons() }, ...down);
    client.optOut();
    client.optIn();
    await settle();
    client.track("a");
    await client.flush();
    await vi.advanceTimersByTimeAsync(100);
    expect(browser.names()).toEqual(["page_view", "a"]);
    expect(Object.keys(localStorage).filter((key) => key.startsWith("tallymark_queue_"))).toHaveLength(1);
  });
});
