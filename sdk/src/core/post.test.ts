import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { fakeCollector, heldAnswer, offline } from "../../test/fake-collector.ts";
import { isRetryable, keepaliveBytesLeft, NO_ANSWER, post } from "./post.ts";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const KEEPALIVE_BYTES = 65_000;
const bodyOf = (bytes: number) => JSON.stringify("x".repeat(bytes - 2));

describe("post", () => {
  it("sends the body as it is, so that it outlives the page", async () => {
    const collector = fakeCollector();
    expect((await post("/x", '{"a":1}'))[0]).toBe(202);
    expect(collector.requests).toEqual([
      { url: "/x", body: { a: 1 }, init: { method: "POST", body: '{"a":1}', keepalive: true } },
    ]);
  });

  it("sends a type that needs no preflight", async () => {
    const collector = fakeCollector();
    await post("/x", "{}");
    const init = collector.requests[0]?.init;
    expect(init?.headers).toBeUndefined();
    expect(
      new Request("http://localhost/x", { method: "POST", body: init?.body ?? null }).headers.get("content-type"),
    ).toBe("text/plain;charset=UTF-8");
  });

  it("answers status, text and headers", async () => {
    fakeCollector(() => new Response("later", { status: 429, headers: { "Retry-After": "7" } }));
    const [status, text, headers] = await post("/x", "{}");
    expect([status, text, headers?.get("Retry-After")]).toEqual([429, "later", "7"]);
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
    [
      "the answer is cut off",
      () =>
        fakeCollector(
          () => new Response(new ReadableStream({ start: (controller) => controller.error(new Error("cut")) })),
        ),
    ],
  ])("says that there is no answer where %s, and has its whole budget again", async (_, arrange) => {
    arrange();
    expect(await post("/x", "{}")).toEqual([NO_ANSWER]);
    expect(keepaliveBytesLeft).toBe(KEEPALIVE_BYTES);
  });

  it("resolves when the answer has arrived to its end: until then it counts against the browser's budget", async () => {
    let end = (): void => {};
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        end = () => controller.close();
      },
    });
    fakeCollector(() => new Response(body, { status: 202 }));
    const resolved = vi.fn();
    const posted = post("/x", "{}").then(resolved);
    await new Promise((resolve) => setTimeout(resolve));
    expect(resolved).not.toHaveBeenCalled();
    expect(keepaliveBytesLeft).toBe(KEEPALIVE_BYTES - 2);
    end();
    await posted;
    expect(keepaliveBytesLeft).toBe(KEEPALIVE_BYTES);
  });

  it("asks to outlive the page as long as bytes, not characters, are within the budget", async () => {
    const collector = fakeCollector();
    await post("/x", bodyOf(KEEPALIVE_BYTES));
    await post("/x", bodyOf(KEEPALIVE_BYTES + 1));
    await post("/x", JSON.stringify("€".repeat(Math.ceil(KEEPALIVE_BYTES / 3))));
    expect(collector.requests.map(({ init }) => init.keepalive)).toEqual([true, false, false]);
  });

  it("counts what is under way against the budget", async () => {
    const held = heldAnswer();
    const collector = fakeCollector(held.hold, held.hold, held.hold);
    const posted = [40_000, 25_000, 100].map((bytes) => post("/x", bodyOf(bytes)));
    held.release(202);
    await Promise.all(posted);
    expect(collector.requests.map(({ init }) => init.keepalive)).toEqual([true, true, false]);
  });

  it("takes nothing of the budget for a plain request", async () => {
    const held = heldAnswer();
    const collector = fakeCollector(held.hold);
    const plain = post("/x", bodyOf(KEEPALIVE_BYTES + 1));
    await post("/x", bodyOf(1000));
    held.release(202);
    await plain;
    expect(collector.requests.map(({ init }) => init.keepalive)).toEqual([false, true]);
  });

  it("hands the caller's signal on", async () => {
    const collector = fakeCollector();
    const { signal } = new AbortController();
    await post("/x", "{}", false, signal);
    expect(collector.requests[0]?.init.signal).toBe(signal);
  });

  it("sends no beacon where fetch outlives the page", async () => {
    const collector = fakeCollector();
    const sendBeacon = vi.spyOn(navigator, "sendBeacon");
    await post("/x", "{}", "pagehide");
    expect(sendBeacon).not.toHaveBeenCalled();
    expect(collector.requests).toHaveLength(1);
  });
});

describe("in a browser whose fetch does not outlive the page, post", () => {
  const beginInOldFirefox = (taken: boolean) => {
    const descriptor = Object.getOwnPropertyDescriptor(Request.prototype, "keepalive") ?? {};
    Reflect.deleteProperty(Request.prototype, "keepalive");
    onTestFinished(() => void Object.defineProperty(Request.prototype, "keepalive", descriptor));
    return vi.spyOn(navigator, "sendBeacon").mockReturnValue(taken);
  };

  it("sends a beacon when the page may go, and takes it for delivered", async () => {
    const collector = fakeCollector();
    const sendBeacon = beginInOldFirefox(true);
    expect((await post("/x", '{"a":1}', "pagehide"))[0]).toBeLessThan(300);
    expect(sendBeacon).toHaveBeenCalledExactlyOnceWith("/x", '{"a":1}');
    expect(collector.requests).toEqual([]);
    expect(keepaliveBytesLeft).toBe(KEEPALIVE_BYTES);
  });

  it("tries fetch where the browser does not take the beacon: the page may only be hidden", async () => {
    const collector = fakeCollector(503);
    beginInOldFirefox(false);
    expect((await post("/x", "{}", true))[0]).toBe(503);
    expect(collector.requests).toHaveLength(1);
  });

  it("uses fetch while the page stays, because a beacon has no answer", async () => {
    const collector = fakeCollector();
    const sendBeacon = beginInOldFirefox(true);
    await post("/x", "{}");
    expect(collector.requests).toHaveLength(1);
    expect(sendBeacon).not.toHaveBeenCalled();
  });
});

it("knows which answers may be others later", () => {
  expect([429, 500, 502, 503, NO_ANSWER].every(isRetryable)).toBe(true);
  expect([200, 202, 400, 401, 403, 404, 408, 413, 415].some(isRetryable)).toBe(false);
});
