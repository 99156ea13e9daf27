import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { setVisibility } from "../../test/fake-collector.ts";
import { openClientLab, placeVisitor } from "../../test/open-client-lab.ts";
import { spyClient } from "../../test/spy-client.ts";
import type { TallymarkOptions } from "../core/options.ts";
import { deferredFlush } from "../plugins/deferred-flush.ts";
import type { Metadata } from "../protocol/event.ts";
import { type ErrorsOptions, errors } from "./errors.ts";
import { pageViews } from "./page-views.ts";

const lab = openClientLab();

const PLACE = { filename: `${location.origin}/app.js?v=1`, lineno: 10, colno: 5 };

/** What the browser says where nobody catches. */
function raise(error: unknown, init: ErrorEventInit = { ...PLACE, message: "Uncaught something" }): ErrorEvent {
  const event = new ErrorEvent("error", { cancelable: true, ...init });
  // happy-dom's makes null of what is no error.
  Object.defineProperty(event, "error", { value: error });
  dispatchEvent(event);
  return event;
}

function reject(reason: unknown): Event {
  const event = Object.assign(new Event("unhandledrejection", { cancelable: true }), { reason });
  dispatchEvent(event);
  return event;
}

/** The same error each time, as of one line of code. */
function failure(message = "x is not a function", place = 1): TypeError {
  return Object.assign(new TypeError(message), { stack: `load@${location.origin}/app.js?v=1:${place}:5` });
}

describe("errors", () => {
  let client: ReturnType<typeof spyClient>;
  let stop = (): void => {};

  beforeEach(() => {
    client = spyClient();
  });
  afterEach(() => stop());

  function start(options?: ErrorsOptions): void {
    stop = errors(options)(client);
  }
  const told = () => client.tracked().map(([, metadata]) => metadata as Metadata);

  it("tracks what nobody caught, with type, message, stack and fingerprint, and no flag that is not true", () => {
    start();
    raise(failure());
    expect(JSON.parse(JSON.stringify(client.tracked()))).toEqual([
      [
        "error",
        {
          kind: "error",
          type: "TypeError",
          message: "x is not a function",
          stack: ["load /app.js:1:5"],
          fingerprint: expect.stringMatching(/^\w+$/),
        },
      ],
    ]);
  });

  it.each([
    ["a text", "disk full", "String", "disk full"],
    ["a DOMException", new DOMException("aborted", "AbortError"), "AbortError", "aborted"],
    ["an ErrorEvent", Object.assign(new Event("error"), { message: "inner" }), undefined, "inner"],
    ["a number", 0, "Number", "0"],
    ["an object", { user: 1 }, "Object", ""],
    ["an error of another realm", Object.assign(Object.create(null), { name: "E", message: "m" }), "E", "m"],
  ])("tracks one event where %s is thrown, and one where a promise is rejected with it", (_, thrown, type, message) => {
    start();
    raise(thrown);
    stop();
    start();
    reject(thrown);
    expect(told()).toHaveLength(2);
    expect(told().map(({ kind }) => kind)).toEqual(["error", "rejection"]);
    for (const event of told()) {
      expect(event).toMatchObject({ message, stack: expect.any(Array) });
      if (type) expect(event.type).toBe(type);
    }
  });

  it.each([null, undefined])("tracks one event where %s is thrown, by what the browser says of it", (thrown) => {
    start();
    raise(thrown);
    expect(told()).toEqual([expect.objectContaining({ message: "Uncaught something", stack: ["/app.js:10:5"] })]);
  });

  it.each([
    [null, "Null"],
    [undefined, "Undefined"],
  ])("tracks one event where a promise is rejected with %s", (reason, type) => {
    start();
    reject(reason);
    expect(told()).toEqual([
      expect.objectContaining({ kind: "rejection", type, message: String(reason), stack: [], cross_origin: undefined }),
    ]);
  });

  it("says where a text was thrown, which has no stack", () => {
    start();
    raise("disk full");
    expect(told()[0]?.stack).toEqual(["/app.js:10:5"]);
  });

  it("flags what the browser hides", () => {
    start();
    raise(null, { message: "Script error.", filename: "", lineno: 0, colno: 0 });
    // As Firefox says it.
    raise(null, { message: "Script error.", filename: "https://cdn.example/a.js", lineno: 0, colno: 0 });
    raise(new Error("Script error."), { message: "Script error." });
    reject("Script error.");
    expect(told().map(({ cross_origin }) => cross_origin)).toEqual([true, true, undefined, undefined]);
    expect(told()[1]?.stack).toEqual(["https://cdn.example/a.js:0:0"]);
  });

  it.each(["chrome-extension", "moz-extension", "safari-web-extension", "webkit-masked-url"])(
    "flags an error with a frame of %s, and does not tell whose",
    (scheme) => {
      start();
      const stack = `load@${location.origin}/app.js:1:5\nsend@${scheme}://hidden/a.js:1:2`;
      raise(Object.assign(failure(), { stack }));
      expect(told()[0]?.extension).toBe(true);
      if (scheme.endsWith("extension")) expect(JSON.stringify(told())).not.toContain("hidden");
    },
  );

  it("sends nothing private of addresses, in message, stack, cause or place", () => {
    start();
    const address = "https://bob:hunter2@api.example/users?email=bob%40home.example&token=t0k3n#s3cret";
    const error = new Error(`GET ${address} and /users?email=bob@home.example`, { cause: `no ${address}` });
    error.stack = `${error.message}\n    at go (${location.origin}/shop?token=t0k3n#s3cret:1:2)\nat ${address}:3:4`;
    raise(error);
    raise(`no ${address}`, { filename: `${address}`, lineno: 1, colno: 2 });
    reject(error.message);
    expect(told()).toHaveLength(3);
    expect(JSON.stringify(told())).not.toMatch(/bob|hunter2|t0k3n|s3cret|email|token/);
    expect(told()[0]?.stack).toEqual(["go /shop:1:2", "https://api.example/users:3:4"]);
  });

  it("does not track elements that do not load, nor events that are no errors", () => {
    start();
    document.body.innerHTML = "<img><script></script>";
    for (const element of document.body.children) {
      element.dispatchEvent(new Event("error"));
      element.dispatchEvent(new ErrorEvent("error", { message: "of an element", bubbles: true }));
    }
    dispatchEvent(new Event("error"));
    dispatchEvent(new Event("unhandledrejection"));
    expect(told()).toEqual([]);
  });

  it("leaves ResizeObserver loops alone, unless asked for", () => {
    const message = "ResizeObserver loop completed with undelivered notifications.";
    start();
    raise(null, { message });
    stop();
    expect(told()).toEqual([]);
    start({ resizeObserver: true });
    raise(null, { message });
    expect(told()).toEqual([expect.objectContaining({ message })]);
  });

  it("ignores what it is told to, each time", () => {
    start({ ignore: ["TypeError: old", /^RangeError: [a-z]+$/g, "a (b"] });
    for (let time = 0; time < 3; time++) {
      raise(failure("old browser"));
      raise(new RangeError("toofar"));
      raise(new Error("a (b"));
    }
    raise(new RangeError("too far"));
    expect(told().map(({ message }) => message)).toEqual(["too far"]);
  });

  it("touches nothing of the host: its handlers, the default, what comes after", () => {
    const onerror = vi.fn();
    const onunhandledrejection = vi.fn();
    const later = vi.fn();
    Object.assign(window, { onerror, onunhandledrejection });
    addEventListener("error", later);
    start();
    const events = [raise(failure()), reject(failure())];
    expect(events.map(({ defaultPrevented }) => defaultPrevented)).toEqual([false, false]);
    expect([window.onerror, window.onunhandledrejection]).toEqual([onerror, onunhandledrejection]);
    expect(later).toHaveBeenCalledTimes(1);
    stop();
    expect([window.onerror, window.onunhandledrejection]).toEqual([onerror, onunhandledrejection]);
    removeEventListener("error", later);
    Object.assign(window, { onerror: null, onunhandledrejection: null });
  });

  it("tracks one event of what throws when it is read, and nothing of what that throws", () => {
    start();
    const hostile = new Error("x");
    const get = vi.fn(() => {
      raise(hostile);
      throw hostile;
    });
    Object.defineProperty(hostile, "message", { get });
    expect(() => raise(hostile, PLACE)).not.toThrow();
    expect(get).toHaveBeenCalledTimes(1);
    expect(told()).toEqual([expect.objectContaining({ type: "object", message: "", stack: ["/app.js:10:5"] })]);
  });

  it("goes on after an error that it could not track", () => {
    start();
    client.track.mockImplementationOnce(() => {
      throw new Error("mine");
    });
    raise(failure("a"));
    raise(failure("b"));
    expect(told().map(({ message }) => message)).toEqual(["a", "b"]);
    expect(lab.consoleWarn).toHaveBeenCalledTimes(1);
  });

  it("tracks nothing after stop, and once after a second start", () => {
    start();
    stop();
    raise(failure());
    reject(failure());
    expect(told()).toEqual([]);
    start();
    raise(failure());
    expect(told()).toHaveLength(1);
  });
});

describe("errors of a real client", () => {
  function begin(options: ErrorsOptions = {}, more: Partial<TallymarkOptions> = {}) {
    return lab.begin({ beacons: [pageViews(), errors(options)], ...more });
  }
  /** All that was reported as dropped. */
  function dropped({ requests }: ReturnType<typeof begin>["collector"]) {
    const counts: Record<string, number> = {};
    for (const [reason, count] of requests.flatMap(({ body }) => Object.entries(body.dropped ?? {})))
      counts[reason] = (counts[reason] ?? 0) + count;
    return counts;
  }
  const messages = ({ events }: ReturnType<typeof begin>["collector"]) =>
    events().flatMap(({ event, metadata }) => (event === "error" ? [metadata?.message] : []));

  it("send the same one once in a view, and report how often it has come", async () => {
    const { client, collector } = begin();
    for (let time = 0; time < 1000; time++) raise(failure());
    await client.flush();
    expect(messages(collector)).toEqual(["x is not a function"]);
    expect(dropped(collector)).toEqual({ error_repeated: 999 });
  });

  it("send the same one again in the next view, with that view's id", async () => {
    const { client, collector } = begin();
    raise(failure());
    // Sooner it would be a redirect, which is the same view.
    await vi.advanceTimersByTimeAsync(100);
    history.pushState({}, "", "/next");
    raise(failure());
    raise(failure());
    await client.flush();
    const [first, second] = collector.events().filter(({ event }) => event === "error");
    expect([first?.url, second?.url]).toEqual(["/shop", "/next"]);
    expect(first?.page_view_id).not.toBe(second?.page_view_id);
    expect(first?.metadata?.fingerprint).toBe(second?.metadata?.fingerprint);
    expect(dropped(collector)).toEqual({ error_repeated: 1 });
  });

  it("have a cap, which lets one more through each interval; sent and reported are all there were", async () => {
    const { client, collector } = begin();
    for (let place = 0; place < 1000; place++) raise(failure("different", place));
    vi.advanceTimersByTime(10_000);
    raise(failure("later", 1));
    raise(failure("too soon", 1));
    await client.flush();
    expect(messages(collector)).toEqual([...new Array(10).fill("different"), "later"]);
    expect(dropped(collector)).toEqual({ error_limit: 991 });
  });

  it("have the cap that is asked for", async () => {
    const { client, collector } = begin({ burst: 2, intervalMs: 100 });
    for (let place = 0; place < 5; place++) raise(failure("different", place));
    vi.advanceTimersByTime(100);
    for (let place = 5; place < 10; place++) raise(failure("different", place));
    await client.flush();
    expect(messages(collector)).toHaveLength(3);
    expect(dropped(collector)).toEqual({ error_limit: 7 });
  });

  it("report what was held back when the page is hidden, though nothing else is to be sent", async () => {
    const { client, collector } = begin();
    raise(failure());
    await client.flush();
    raise(failure());
    raise(failure());
    await client.flush();
    expect(collector.requests).toHaveLength(1);
    setVisibility("hidden");
    expect(collector.requests).toHaveLength(2);
    expect(collector.requests[1]?.body).toMatchObject({ events: [], dropped: { error_repeated: 2 } });
  });

  it("carry the correlation id of the collector's last answer, and of none before the first", async () => {
    const answer = (id: string) => () =>
      Response.json({ ok: true }, { status: 202, headers: id ? { "X-Request-Id": id } : {} });
    const { client, collector } = lab.begin({ beacons: [errors()] }, answer("first"), answer("second"), answer(""));
    for (const message of ["a", "b", "c", "d"]) {
      raise(failure(message));
      await client.flush();
    }
    expect(collector.events().map(({ metadata }) => metadata?.request_id)).toEqual([
      undefined,
      "first",
      "second",
      "second",
    ]);
  });

  it.each([
    ["before", (seen: Beacons) => [...seen, errors()]],
    ["after", (seen: Beacons) => [errors(), ...seen]],
  ])("leave what watches the outbox alone that came %s", async (_, order) => {
    const observer = vi.fn(() => true);
    const watcher: Beacons[number] = ({ _outbox: outbox }) => {
      const next = outbox?._observe;
      if (outbox) outbox._observe = (...all) => next?.(...all) || observer(...(all as []));
      return () => {};
    };
    const { client, collector } = lab.begin({ beacons: order([watcher, deferredFlush()]) });
    client.track("a");
    await client.flush();
    expect((observer.mock.calls as unknown[][]).map(([batch, turn, headers]) => [batch, turn, headers])).toEqual([
      [[expect.any(String)], undefined, undefined],
      [[expect.any(String)], false, expect.any(Headers)],
    ]);
    // More than the browser takes from a page that is left: what is safe with somebody else is not counted as lost.
    for (let count = 0; count < 29; count++) client.track("large", { a: "x".repeat(1999), b: "x".repeat(1999) });
    dispatchEvent(new Event("pagehide"));
    expect(collector.events().length).toBeLessThan(30);
    expect(dropped(collector)).toEqual({});
  });

  it("are not sampled where the rate says so, for a visitor who is not in the sample", async () => {
    placeVisitor(0.9);
    const { client, collector } = begin({}, { sampleRate: 0.1, sampleRates: { error: 1 } });
    raise(failure());
    await client.flush();
    expect(collector.events()).toEqual([expect.objectContaining({ event: "error", sample_rate: 1 })]);
  });

  it("do not go round in a circle where beforeSend makes one of each event it sees", async () => {
    const beforeSend = vi.fn(() => {
      raise(failure(`number ${beforeSend.mock.calls.length}`));
      throw new Error("mine");
    });
    const { client, collector } = begin({}, { beforeSend });
    raise(failure("first", 2));
    for (let time = 0; time < 20; time++) {
      await client.flush();
      await vi.advanceTimersByTimeAsync(100);
    }
    // The view, the first error, and the error of beforeSend.
    expect(beforeSend).toHaveBeenCalledTimes(3);
    setVisibility("hidden");
    expect(dropped(collector)).toEqual({ invalid_event: 3, error_repeated: 2 });
  });

  it("are not captured before the visitor agrees, and not after they refuse", async () => {
    const { client, collector } = begin({}, { consent: "denied" });
    raise(failure("a"));
    client.optIn();
    raise(failure("b"));
    await client.flush();
    client.optOut();
    raise(failure("c"));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(messages(collector)).toEqual(["b"]);
  });
});

type Beacons = NonNullable<TallymarkOptions["beacons"]>;
