import { describe, expect, it, vi } from "vitest";
import { openClientLab } from "../../test/open-client-lab.ts";
import type { WireEvent } from "../protocol/event.ts";

const lab = openClientLab();

describe("beforeSend", () => {
  it("sees the event as it would be sent, scrubbed, with ids", async () => {
    const seen: WireEvent[] = [];
    const beforeSend = (event: WireEvent) => {
      seen.push(structuredClone(event));
      return event;
    };
    const { client, collector } = lab.begin({ beforeSend });
    client.track("a", { step: 1 });
    await client.flush();
    expect(seen).toEqual(collector.events());
    expect(seen[0]).toMatchObject({ url: "/shop", visitor_id: client.getVisitorId(), metadata: { step: 1 } });
  });

  it("may edit: what it returns is sent, and nothing of what it has removed", async () => {
    const beforeSend = ({ title, ...event }: WireEvent) => ({
      ...event,
      url: "/users/:id",
      metadata: { edited: true },
    });
    const { client, collector } = lab.begin({ beforeSend });
    client.track("a", { secret: 1 });
    await client.flush();
    await client.sendEvent({ event: "b", metadata: { secret: 2 } });
    expect(collector.events()[0]).toMatchObject({ event: "a", url: "/users/:id", metadata: { edited: true } });
    expect(collector.requests[1]?.body).toMatchObject({ event: "b", url: "/users/:id", metadata: { edited: true } });
    expect(JSON.stringify(collector.requests)).not.toMatch(/secret|title/);
  });

  it("changes nothing of the caller's, though it edits in place", async () => {
    const beforeSend = (event: WireEvent) => {
      Object.assign(event.metadata ?? {}, { edited: true });
      return event;
    };
    const { client, collector } = lab.begin({ beforeSend });
    const metadata = { step: 1 };
    client.track("a", metadata);
    await client.flush();
    await client.sendEvent({ event: "b", metadata });
    expect(metadata).toEqual({ step: 1 });
    expect(collector.events()[0]?.metadata).toEqual({ step: 1, edited: true });
  });

  it("drops by null what the page does not want to send: uncounted, and without a word", async () => {
    const beforeSend = (event: WireEvent) => (event.event === "private" ? null : event);
    const { client, collector } = lab.begin({ beforeSend });
    for (const name of ["private", "a", "private"]) client.track(name);
    await client.flush();
    expect(await client.sendEvent({ event: "private" })).toEqual({ ok: false, error: "network" });
    expect(collector.batches()).toEqual([["a"]]);
    expect(collector.requests[0]?.body.dropped).toEqual({});
    expect(lab.consoleWarn).not.toHaveBeenCalled();
  });

  it("makes no request where it drops everything", async () => {
    const { client, collector } = lab.begin({ beforeSend: () => null });
    client.track("a");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(collector.requests).toEqual([]);
  });

  it("drops by a throw: that event alone, counted, named in development, and nothing reaches the page", async () => {
    const beforeSend = (event: WireEvent) => {
      if (event.event === "bad") throw new Error("hook");
      return event;
    };
    const { client, collector } = lab.begin({ beforeSend });
    for (const name of ["a", "bad", "b"]) expect(() => client.track(name)).not.toThrow();
    await client.flush();
    expect(await client.sendEvent({ event: "bad" })).toEqual({ ok: false, error: "network" });
    expect(collector.batches()).toEqual([["a", "b"]]);
    expect(collector.requests[0]?.body.dropped).toEqual({ invalid_event: 1 });
    expect(lab.consoleWarn).toHaveBeenCalled();
  });

  it("is asked once for each event, though the request is repeated", async () => {
    const beforeSend = vi.fn((event: WireEvent) => event);
    const { client } = lab.begin({ beforeSend }, 503, 503);
    client.track("a");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(beforeSend).toHaveBeenCalledTimes(1);
  });

  it("may track an event of its own: neither is lost, neither is sent twice", async () => {
    const beforeSend = (event: WireEvent) => {
      if (event.event !== "audit") set.client.track("audit");
      return event;
    };
    const set = lab.begin({ beforeSend });
    for (let index = 0; index < 40; index++) set.client.track("a");
    await set.client.flush();
    await vi.advanceTimersByTimeAsync(5000);
    const names = set.collector.events().map(({ event }) => event);
    expect(names.filter((name) => name === "a")).toHaveLength(40);
    expect(names.filter((name) => name === "audit")).toHaveLength(40);
    expect(new Set(set.collector.events().map(({ id }) => id)).size).toBe(80);
  });

  it("may flush: that sends nothing twice either", async () => {
    const beforeSend = (event: WireEvent) => {
      set.client.flush();
      return event;
    };
    const set = lab.begin({ beforeSend });
    for (let index = 0; index < 3; index++) set.client.track(`e${index}`);
    await set.client.flush();
    expect(set.collector.events().map(({ event }) => event)).toEqual(["e0", "e1", "e2"]);
  });
});
