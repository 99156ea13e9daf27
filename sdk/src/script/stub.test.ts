import { describe, expect, it, vi } from "vitest";
import type { Tallymark } from "../core/options.ts";
import { isClient, type QueuedCall, replayCalls } from "./stub.ts";

const answer = { ok: true, stored: 1, file: "metrics-2026-11-21.jsonl" } as const;

function fakeClient() {
  return {
    track: vi.fn<Tallymark["track"]>(),
    sendEvent: vi.fn<Tallymark["sendEvent"]>(async () => answer),
    flush: vi.fn<Tallymark["flush"]>(async () => {}),
    getVisitorId: () => "visitor",
    stop: vi.fn<Tallymark["stop"]>(),
  };
}

describe("replayCalls", () => {
  it("makes the calls in their order, with their arguments, and hands the results back", async () => {
    const client = fakeClient();
    const order: string[] = [];
    client.track.mockImplementation((name) => void order.push(name));
    client.sendEvent.mockImplementation(async ({ event }) => {
      order.push(event);
      return answer;
    });
    const done = vi.fn();
    const q: QueuedCall[] = [
      ["track", ["a", { b: 1 }]],
      ["sendEvent", [{ event: "c" }], done],
      ["track", ["d"]],
    ];
    replayCalls(q, client);
    expect(order).toEqual(["a", "c", "d"]);
    expect(client.track).toHaveBeenNthCalledWith(1, "a", { b: 1 });
    await vi.waitFor(() => expect(done).toHaveBeenCalledExactlyOnceWith(answer));
    expect(q).toHaveLength(0);
  });

  it("sends later calls straight through, for a page that has kept the stub", () => {
    const client = fakeClient();
    const q: QueuedCall[] = [];
    replayCalls(q, client);
    q.push(["track", ["late"]]);
    expect(client.track).toHaveBeenCalledExactlyOnceWith("late");
    expect(q).toHaveLength(0);
  });

  it("goes on after what is not a call", () => {
    const client = fakeClient();
    const q = [null, 5, ["nothing", []], ["track"], ["track", ["good"]]] as unknown as QueuedCall[];
    expect(() => replayCalls(q, client)).not.toThrow();
    expect(client.track).toHaveBeenLastCalledWith("good");
  });

  it.each([undefined, null, "text", { length: 1 }])("takes %j for no queue", (q) => {
    const client = fakeClient();
    expect(() => replayCalls(q as unknown as QueuedCall[], client)).not.toThrow();
    expect(client.track).not.toHaveBeenCalled();
  });
});

describe("isClient", () => {
  it("knows a client from a stub, from an element called tallymark and from nothing", () => {
    expect(isClient(fakeClient())).toBe(true);
    const { track, sendEvent, flush } = fakeClient();
    expect(isClient({ q: [], track, sendEvent, flush })).toBe(false);
    expect(isClient(document.createElement("div") as unknown as Window["tallymark"])).toBe(false);
    expect(isClient(undefined)).toBe(false);
  });
});
