import { describe, expect, it } from "vitest";
import { stubClient } from "../../test/stub-client.ts";
import { createDeferredClient } from "./deferred-client.ts";

describe("createDeferredClient", () => {
  it("does in order what was asked before the client was there", async () => {
    const { client, attach } = createDeferredClient();
    const real = stubClient();
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
    const real = stubClient();
    expect(client.getVisitorId()).toBe("");
    attach(real);
    client.track("now");
    client.optOut();
    client.optIn();
    await client.flush();
    await expect(client.forget()).resolves.toBe(true);
    client.stop();
    const methods = [real.track, real.optOut, real.optIn, real.flush, real.forget, real.stop];
    expect(methods.map((fn) => fn.mock.calls.length)).toEqual([1, 1, 1, 1, 1, 1]);
    expect(client.getVisitorId()).toBe("1-2-3-4");
  });

  it("does nothing, and answers, once the client is gone", async () => {
    const { client, attach, detach } = createDeferredClient();
    const real = stubClient();
    attach(real);
    detach();
    client.track("late");
    client.optIn();
    await expect(client.sendEvent({ event: "late" })).resolves.toEqual({ ok: false, error: "network" });
    expect(real.track).not.toHaveBeenCalled();
    expect(real.optIn).not.toHaveBeenCalled();
  });

  it("answers what still waited when the client never came", async () => {
    const { client, detach } = createDeferredClient();
    const answers = Promise.all([client.sendEvent({ event: "e" }), client.flush(), client.forget()]);
    detach();
    await expect(answers).resolves.toEqual([{ ok: false, error: "network" }, undefined, false]);
  });

  it("keeps at most a hundred calls, and what the visitor has said in any case", () => {
    const { client, attach } = createDeferredClient();
    const real = stubClient();
    for (let i = 0; i < 1000; i++) client.track(`e${i}`);
    client.optOut();
    attach(real);
    expect(real.track).toHaveBeenCalledTimes(100);
    expect(real.track.mock.calls.at(-1)?.[0]).toBe("e99");
    expect(real.optOut).toHaveBeenCalledTimes(1);
  });
});
