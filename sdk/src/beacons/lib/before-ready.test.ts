import { describe, expect, it, vi } from "vitest";
import { openClientLab } from "../../../test/open-client-lab.ts";
import type { BeaconClient } from "../../core/options.ts";
import { beforeReady } from "./before-ready.ts";

const { begin, consoleWarn } = openClientLab();

/** A client with a beacon that says what is stored when it is called. */
function startPage(callback: (client: BeaconClient) => void, consent: "granted" | "pending" = "granted") {
  return begin({ consent, beacons: [(client) => beforeReady(client, () => callback(client))] });
}

const readySoon = () => vi.advanceTimersByTimeAsync(100);

describe("beforeReady", () => {
  it("calls back before the ids are made, and what is added leaves with the rest, in order", async () => {
    const seen: unknown[] = [];
    const { client, collector } = startPage(({ _outbox }) => {
      seen.push(localStorage.getItem("tallymark_id"));
      if (seen.length === 1) _outbox?._waiting.push({ event: "added", ts: Date.now() } as never);
    });
    client.track("one");
    client.track("two");
    expect(seen).toEqual([]);
    await readySoon();
    expect(seen).toEqual([null]);
    await client.flush();
    expect(collector.events().map(({ event }) => event)).toEqual(["one", "two", "added"]);
  });

  it("does not call while consent is pending, changes nothing of what waits, and calls when it is given", async () => {
    const callback = vi.fn();
    const { client, collector } = startPage(callback, "pending");
    client.track("one");
    client.track("two");
    const waiting = [...(client._outbox?._waiting ?? [])];
    await readySoon();
    await client.flush();
    expect(callback).not.toHaveBeenCalled();
    expect(client._outbox?._waiting).toEqual(waiting);
    client.optIn();
    await readySoon();
    expect(callback).toHaveBeenCalled();
    expect(collector.batches()).toEqual([["one", "two"]]);
  });

  it("sends what waits also where the callback throws", async () => {
    consoleWarn.mockImplementation(() => {});
    const { client, collector } = startPage(() => {
      throw new Error("no");
    });
    client.track("one");
    await client.flush();
    expect(collector.batches()).toEqual([["one"]]);
  });

  it("leaves the outbox as it found it, and is silent where somebody else has patched it since", async () => {
    const { client } = begin();
    const callback = vi.fn();
    const outbox = client._outbox as NonNullable<BeaconClient["_outbox"]>;
    const { _ready } = outbox;
    beforeReady(client, callback)();
    expect(outbox._ready).toBe(_ready);
    const undo = beforeReady(client, callback);
    const patched = outbox._ready;
    outbox._ready = () => patched();
    undo();
    client.track("one");
    await readySoon();
    expect(callback).not.toHaveBeenCalled();
    outbox._ready = _ready;
  });

  it("does nothing for a client without outbox", () => {
    expect(() => beforeReady({} as BeaconClient, vi.fn())()).not.toThrow();
  });
});
