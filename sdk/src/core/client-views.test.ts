import { describe, expect, it, vi } from "vitest";
import { openClientLab, settle } from "../../test/open-client-lab.ts";
import type { WireEvent } from "../protocol/event.ts";
import { LEAVE } from "./lifecycle.ts";

const { begin } = openClientLab();

describe("an event called page_view", () => {
  it("opens a view: its id, address and referrer are those of all that follows", async () => {
    const { client, collector } = begin();
    client.track("before");
    client.track("page_view", undefined, { url: "/virtual", referrer: "https://a.example/x?secret=1" });
    client.track("after");
    await client.flush();
    const [before, view, after] = collector.events();
    expect(before).not.toHaveProperty("page_view_id");
    expect(before).toMatchObject({ url: "/shop", referrer: "" });
    expect(view?.page_view_id).toMatch(/^\d+-\d+-\d+-\d+$/);
    expect(view?.page_view_id).not.toBe(view?.id);
    const page = { page_view_id: view?.page_view_id, url: "/virtual", referrer: "https://a.example/x" };
    expect(view).toMatchObject(page);
    expect(after).toMatchObject(page);
    expect(after?.metadata).toBeUndefined();
  });

  it("ends the one before it, and says so while that is still open", () => {
    const { client } = begin();
    const open: unknown[] = [];
    const onLeave = () => open.push(client._outbox?._view?.url);
    addEventListener(LEAVE, onLeave);
    client.track("page_view", undefined, { url: "/a" });
    client.track("page_view", undefined, { url: "/b" });
    removeEventListener(LEAVE, onLeave);
    expect(open).toEqual([undefined, "/a"]);
  });

  it("is no harm where it cannot be captured: the page is told nothing, and no view is open", async () => {
    vi.spyOn(console, "warn").mockImplementation(() => {});
    const { client, collector } = begin();
    client.track("page_view", { big: 1n } as never);
    client.track("after");
    await client.flush();
    expect(collector.events().map(({ event, page_view_id }) => [event, page_view_id])).toEqual([["after", undefined]]);
  });

  it("is forgotten when the visitor refuses", async () => {
    const { client, collector } = begin();
    client.track("page_view");
    await client.flush();
    client.optOut();
    client.optIn();
    client.track("after");
    await client.flush();
    expect(collector.events().at(-1)).not.toHaveProperty("page_view_id");
  });
});

it("sendEvent belongs to the open view too, but opens none", async () => {
  const { client, collector } = begin();
  client.track("page_view", undefined, { url: "/virtual" });
  await client.sendEvent({ event: "now" });
  await client.sendEvent({ event: "page_view", id: "mine" });
  client.track("after");
  await client.flush();
  await settle();
  const now = collector.requests[0]?.body as WireEvent;
  const after = collector.events().at(-1);
  expect(now).toMatchObject({ event: "now", url: "/virtual" });
  expect(after).toMatchObject({ event: "after", page_view_id: now?.page_view_id });
  expect(after?.id).not.toBe("mine");
});
