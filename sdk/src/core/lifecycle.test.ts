import { afterEach, describe, expect, it, vi } from "vitest";
import { setVisibility } from "../../test/fake-collector.ts";
import { spyClient } from "../../test/spy-client.ts";
import { attemptAll, installBeacons, isBrowser, listen } from "./lifecycle.ts";

afterEach(() => {
  setVisibility("visible");
  vi.restoreAllMocks();
});

it("knows a browser", () => {
  expect(isBrowser()).toBe(true);
});

describe("listen", () => {
  it("hears every type it was given, and no other, until it is undone", () => {
    const heard: string[] = [];
    const stop = listen("pagehide online", ({ type }) => heard.push(type));
    for (const type of ["pagehide", "online", "offline"]) dispatchEvent(new Event(type));
    stop();
    for (const type of ["pagehide", "online"]) dispatchEvent(new Event(type));
    expect(heard).toEqual(["pagehide", "online"]);
  });

  it("hears an event before the document does, and is undone as well", () => {
    const order: string[] = [];
    const onDocument = () => order.push("document");
    document.addEventListener("click", onDocument, true);
    const stop = listen("click", () => order.push("window"));
    document.body.click();
    stop();
    document.body.click();
    document.removeEventListener("click", onDocument, true);
    expect(order).toEqual(["window", "document", "document"]);
  });
});

describe("listen to pushState", () => {
  const original = history.pushState;
  afterEach(() => {
    history.pushState = original;
    vi.restoreAllMocks();
  });

  it("calls back after the address has changed, with the page's arguments passed on", () => {
    const seen: string[] = [];
    const stop = listen("pushState", () => seen.push(location.pathname));
    history.pushState({ page: 1 }, "", "/first");
    expect(seen).toEqual(["/first"]);
    expect(history.state).toEqual({ page: 1 });
    stop();
  });

  it("lets the page see what the browser throws, and does not call back then", () => {
    const callback = vi.fn();
    history.pushState = () => {
      throw new DOMException("not allowed", "SecurityError");
    };
    const stop = listen("pushState", callback);
    expect(() => history.pushState({}, "", "/x")).toThrow("not allowed");
    expect(callback).not.toHaveBeenCalled();
    stop();
  });

  it("lets the page navigate where the callback throws", () => {
    vi.spyOn(console, "warn").mockImplementation(() => {});
    const stop = listen("pushState", () => {
      throw new TypeError("a path of the page's own");
    });
    expect(() => history.pushState({}, "", "/thrown")).not.toThrow();
    expect(location.pathname).toBe("/thrown");
    stop();
  });

  it("puts the method back when it is undone", () => {
    const stop = listen("pushState", () => {});
    expect(history.pushState).not.toBe(original);
    stop();
    expect(history.pushState).toBe(original);
  });

  it("works for who has taken the method off its object", () => {
    const callback = vi.fn();
    const stop = listen("pushState", callback);
    const { pushState } = history;
    pushState({}, "", "/detached");
    stop();
    expect(location.pathname).toBe("/detached");
    expect(callback).toHaveBeenCalledTimes(1);
  });

  it("leaves a patch that came later alone, and is silent under it", () => {
    const callback = vi.fn();
    const stop = listen("pushState", callback);
    const ours = history.pushState;
    const theirs = vi.fn((...args: Parameters<History["pushState"]>) => ours.apply(history, args));
    history.pushState = theirs;
    stop();
    history.pushState({}, "", "/later");
    expect(history.pushState).toBe(theirs);
    expect(location.pathname).toBe("/later");
    expect(callback).not.toHaveBeenCalled();
    history.pushState = original;
  });
});

describe("attemptAll", () => {
  it("gives each function the input and returns what they return", () => {
    expect(attemptAll([(a: number) => a + 1, (a: number) => a * 2], 5)).toEqual([6, 10]);
  });

  it("goes on after one that throws or is none, and names it on the console", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const broken = () => {
      throw Symbol("hostile");
    };
    expect(attemptAll([broken, undefined, "none" as unknown as () => number, () => 1])).toEqual([
      undefined,
      undefined,
      undefined,
      1,
    ]);
    expect(warn).toHaveBeenCalledTimes(2);
  });
});

describe("installBeacons", () => {
  it("starts each beacon, and stops each by its undo, though others fail", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const stop = vi.fn();
    const start = vi.fn(() => stop);
    const broken = () => {
      throw new Error("broken");
    };
    const client = spyClient();
    const undo = installBeacons([broken, start, () => broken], client);
    expect(start.mock.calls[0]).toEqual([client]);
    expect(stop).not.toHaveBeenCalled();
    undo();
    expect(stop).toHaveBeenCalledTimes(1);
    warn.mockRestore();
  });
});
