import { afterEach, describe, expect, it, vi } from "vitest";
import type { Tallymark } from "../core/options.ts";
import { type QueuedCall, replaceStub } from "./stub.ts";

const answer = { ok: true, stored: 1, file: "metrics-2026-11-21.jsonl" } as const;

function fakeClient() {
  return {
    track: vi.fn<Tallymark["track"]>(),
    sendEvent: vi.fn<Tallymark["sendEvent"]>(async () => answer),
    flush: vi.fn<Tallymark["flush"]>(async () => {}),
    getVisitorId: () => "visitor",
    optIn: vi.fn<Tallymark["optIn"]>(),
    optOut: vi.fn<Tallymark["optOut"]>(),
    forget: vi.fn<Tallymark["forget"]>(async () => true),
    stop: vi.fn<Tallymark["stop"]>(),
  };
}

const ignore = (): void => {};

function setStub(q: unknown): void {
  window.tallymark = { q } as unknown as Tallymark;
}

afterEach(() => {
  delete window.tallymark;
});

describe("replaceStub", () => {
  it("makes the calls in their order, with their arguments, and hands the results back", async () => {
    const client = fakeClient();
    const order: string[] = [];
    client.track.mockImplementation((name) => void order.push(name));
    client.optIn.mockImplementation(() => void order.push("in"));
    client.sendEvent.mockImplementation(async ({ event }) => {
      order.push(event);
      return answer;
    });
    const [sent, forgotten, tracked] = [vi.fn(), vi.fn(), vi.fn()];
    setStub([
      ["optIn", [], ignore],
      ["track", ["a", { b: 1 }], tracked],
      ["sendEvent", [{ event: "c" }], sent],
      ["track", ["d"], ignore],
      ["forget", [], forgotten],
    ] satisfies QueuedCall[]);
    replaceStub(client);
    expect(order).toEqual(["in", "a", "c", "d"]);
    expect(client.track).toHaveBeenNthCalledWith(1, "a", { b: 1 });
    await vi.waitFor(() => expect(forgotten).toHaveBeenCalledExactlyOnceWith(true));
    expect(sent).toHaveBeenCalledExactlyOnceWith(answer);
    expect(tracked).toHaveBeenCalledExactlyOnceWith(undefined);
    expect(window.tallymark).toBe(client);
  });

  it("has put the client in place before the first call is made", () => {
    const client = fakeClient();
    const atCall = vi.fn();
    client.track.mockImplementation(() => atCall(window.tallymark));
    setStub([["track", ["a"], ignore]]);
    replaceStub(client);
    expect(atCall).toHaveBeenCalledExactlyOnceWith(client);
  });

  it("sends later calls straight through, for a page that has kept the stub", () => {
    const client = fakeClient();
    const q: QueuedCall[] = [["track", ["early"], ignore]];
    setStub(q);
    replaceStub(client);
    q.push(["track", ["late"], ignore]);
    expect(client.track.mock.calls).toEqual([["early"], ["late"]]);
  });

  it("goes on after what is not a call, and rejects nowhere", async () => {
    const client = fakeClient();
    const rejected = vi.fn();
    process.on("unhandledRejection", rejected);
    setStub([5, ["nothing", []], ["track"], ["track", ["without done"]], ["track", ["good"], ignore]]);
    expect(() => replaceStub(client)).not.toThrow();
    await new Promise((resolve) => setTimeout(resolve));
    process.off("unhandledRejection", rejected);
    expect(client.track).toHaveBeenLastCalledWith("good");
    expect(rejected).not.toHaveBeenCalled();
  });

  it.each([undefined, null, "text", { length: 1 }, document.createElement("input")])("takes %s for no queue", (q) => {
    const client = fakeClient();
    setStub(q);
    expect(() => replaceStub(client)).not.toThrow();
    expect(client.track).not.toHaveBeenCalled();
    expect(window.tallymark).toBe(client);
  });

  it("takes the place of nothing, of another client and of an element called tallymark", () => {
    for (const before of [undefined, fakeClient(), document.createElement("div") as unknown as Tallymark]) {
      const client = fakeClient();
      if (before) window.tallymark = before;
      replaceStub(client);
      expect(window.tallymark).toBe(client);
    }
  });
});
