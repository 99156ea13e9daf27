import { describe, expect, it, vi } from "vitest";
import type { Tallymark } from "../core/options.ts";
import { createDeferredClient } from "./deferred-client.ts";

function realClient() {
  return {
    track: vi.fn<Tallymark["track"]>(),
    sendEvent: vi.fn<Tallymark["sendEvent"]>(async () => ({ ok: true, sampledOut: true })),
    flush: vi.fn<Tallymark["flush"]>(async () => {}),
    getVisitorId: () => "0123456789abcdef0123456789abcdef",
    stop: vi.fn<Tallymark["stop"]>(),
  };
}

describe("createDeferredClient", () => {
  it("does in order what was asked before the client was there", async () => {
    const { client, attach } = createDeferredClient();
    const real = realClient();
    client.track("first", { a: 1 }, { url: "/x" });
    const answer = client.sendEvent({ event: "second" });
    client.track("third");
    attach(real);
    expect(real.track.mock.calls).toEqual([["first", { a: 1 }, { url: "/x" }], ["third"]]);
    await expect(answer).resolves.toEqual({ ok: true, sampledOut: true });
    expect(real.sendEvent.mock.invocationCallOrder[0]).toBeLessThan(real.track.mock.invocationCallOrder[1] ?? 0);
  });

  it("passes everything on from then", async () => {
    const { client, attach } = createDeferredClient();
    const real = realClient();
    expect(client.getVisitorId()).toBe("");
    attach(real);
    client.track("now");
    await client.flush();
    client.stop();
    expect([real.track, real.flush, real.stop].map((fn) => fn.mock.calls.length)).toEqual([1, 1, 1]);
    expect(client.getVisitorId()).toBe("0123456789abcdef0123456789abcdef");
  });

  it("does nothing, and answers, once the client is gone", async () => {
    const { client, attach, detach } = createDeferredClient();
    const real = realClient();
    attach(real);
    detach();
    client.track("late");
    await expect(client.sendEvent({ event: "late" })).resolves.toEqual({ ok: false, error: "aborted" });
    expect(real.track).not.toHaveBeenCalled();
  });

  it("answers what still waited when the client never came", async () => {
    const { client, detach } = createDeferredClient();
    const answers = Promise.all([client.sendEvent({ event: "e" }), client.flush()]);
    detach();
    await expect(answers).resolves.toEqual([{ ok: false, error: "aborted" }, undefined]);
  });

  it("keeps at most a hundred calls", () => {
    const { client, attach } = createDeferredClient();
    const real = realClient();
    for (let i = 0; i < 1000; i++) client.track(`e${i}`);
    attach(real);
    expect(real.track).toHaveBeenCalledTimes(100);
    expect(real.track.mock.calls.at(-1)?.[0]).toBe("e99");
  });
});
