import { afterEach, describe, expect, it, vi } from "vitest";
import { fakeCollector, offline } from "../../test/fake-collector.ts";
import { MAX_KEEPALIVE_BYTES, post } from "./post.ts";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe("post", () => {
  it("sends JSON with the time it leaves, so that it outlives the page, without cookies", async () => {
    const collector = fakeCollector();
    const before = Date.now();
    expect((await post("/x", { a: 1 })).status).toBe(202);
    expect(collector.requests).toHaveLength(1);
    expect(collector.requests[0]).toMatchObject({
      url: "/x",
      init: { method: "POST", keepalive: true, credentials: "omit" },
      body: { a: 1 },
    });
    expect(collector.requests[0]?.body.sent_at).toBeGreaterThanOrEqual(before);
  });

  it("sends a type that needs no preflight", async () => {
    const collector = fakeCollector();
    await post("/x", {});
    const init = collector.requests[0]?.init;
    expect(init?.headers).toBeUndefined();
    expect(
      new Request("http://localhost/x", { method: "POST", body: init?.body ?? null }).headers.get("content-type"),
    ).toBe("text/plain;charset=UTF-8");
  });

  it.each([
    ["the network is down", () => vi.stubGlobal("fetch", offline)],
    [
      "a patched fetch throws",
      () =>
        vi.stubGlobal("fetch", () => {
          throw new Error("patched");
        }),
    ],
    ["there is no fetch", () => vi.stubGlobal("fetch", undefined)],
  ])("answers 0 where %s", async (_, arrange) => {
    arrange();
    expect((await post("/x", {})).status).toBe(0);
  });

  it("answers 413 itself where bytes, not characters, are too many, and sends nothing", async () => {
    const collector = fakeCollector();
    const text = "€".repeat(MAX_KEEPALIVE_BYTES / 3);
    expect(text.length).toBeLessThan(MAX_KEEPALIVE_BYTES / 2);
    expect((await post("/x", { text })).status).toBe(413);
    expect(collector.requests).toHaveLength(0);
    expect((await post("/x", { text: "e".repeat(MAX_KEEPALIVE_BYTES - 100) })).status).toBe(202);
  });

  it("resolves when the answer has arrived to its end, and leaves it to be read", async () => {
    let end = (): void => {};
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        end = () => {
          controller.enqueue(new TextEncoder().encode("{}"));
          controller.close();
        };
      },
    });
    fakeCollector(() => new Response(body, { status: 202 }));
    const resolved = vi.fn();
    const posted = post("/x", {});
    posted.then(resolved);
    await new Promise((resolve) => setTimeout(resolve));
    expect(resolved).not.toHaveBeenCalled();
    end();
    expect(await (await posted).json()).toEqual({});
  });

  it("answers 0 where the answer is cut off", async () => {
    const cut = new ReadableStream({ start: (controller) => controller.error(new TypeError("cut")) });
    fakeCollector(() => new Response(cut, { status: 202 }));
    expect((await post("/x", {})).status).toBe(0);
  });

  it("passes the caller's signal on", async () => {
    const collector = fakeCollector();
    const { signal } = new AbortController();
    await post("/x", {}, false, signal);
    expect(collector.requests[0]?.init.signal).toBe(signal);
  });

  describe("in a browser whose fetch does not outlive the page", () => {
    const inOldFirefox = (taken: boolean) => {
      const descriptor = Object.getOwnPropertyDescriptor(Request.prototype, "keepalive") ?? {};
      Reflect.deleteProperty(Request.prototype, "keepalive");
      const sendBeacon = vi.spyOn(navigator, "sendBeacon").mockReturnValue(taken);
      return {
        sendBeacon,
        [Symbol.dispose]: () => void Object.defineProperty(Request.prototype, "keepalive", descriptor),
      };
    };

    it("sends a beacon when the page may go, and takes it for delivered", async () => {
      const collector = fakeCollector();
      using browser = inOldFirefox(true);
      expect((await post("/x", { a: 1 }, true)).ok).toBe(true);
      expect(browser.sendBeacon).toHaveBeenCalledExactlyOnceWith("/x", expect.stringContaining('"a":1'));
      expect(collector.requests).toHaveLength(0);
    });

    it("tries fetch where the browser does not take the beacon: the page may only be hidden", async () => {
      const collector = fakeCollector(503);
      using _ = inOldFirefox(false);
      expect((await post("/x", {}, true)).status).toBe(503);
      expect(collector.requests).toHaveLength(1);
    });

    it("uses fetch while the page stays, because a beacon has no answer", async () => {
      const collector = fakeCollector();
      using browser = inOldFirefox(true);
      await post("/x", {});
      expect(collector.requests).toHaveLength(1);
      expect(browser.sendBeacon).not.toHaveBeenCalled();
    });
  });

  it("sends no beacon where fetch outlives the page", async () => {
    const collector = fakeCollector();
    const sendBeacon = vi.spyOn(navigator, "sendBeacon");
    await post("/x", {}, true);
    expect(sendBeacon).not.toHaveBeenCalled();
    expect(collector.requests).toHaveLength(1);
  });
});
