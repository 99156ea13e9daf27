import { afterEach, describe, expect, it, vi } from "vitest";
import { afterHistoryCall } from "./after-history-call.ts";

const original = history.pushState;
afterEach(() => {
  history.pushState = original;
  vi.restoreAllMocks();
});

describe("afterHistoryCall", () => {
  it("calls back after the address has changed, with the page's arguments passed on", () => {
    const seen: string[] = [];
    const stop = afterHistoryCall("pushState", () => seen.push(location.pathname));
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
    const stop = afterHistoryCall("pushState", callback);
    expect(() => history.pushState({}, "", "/x")).toThrow("not allowed");
    expect(callback).not.toHaveBeenCalled();
    stop();
  });

  it("lets the page navigate where the callback throws", () => {
    vi.spyOn(console, "warn").mockImplementation(() => {});
    const stop = afterHistoryCall("pushState", () => {
      throw new TypeError("a path of the page's own");
    });
    expect(() => history.pushState({}, "", "/thrown")).not.toThrow();
    expect(location.pathname).toBe("/thrown");
    stop();
  });

  it("puts the method back when it is undone", () => {
    const stop = afterHistoryCall("pushState", () => {});
    expect(history.pushState).not.toBe(original);
    stop();
    expect(history.pushState).toBe(original);
  });

  it("works for who has taken the method off its object", () => {
    const callback = vi.fn();
    const stop = afterHistoryCall("pushState", callback);
    const { pushState } = history;
    pushState({}, "", "/detached");
    stop();
    expect(location.pathname).toBe("/detached");
    expect(callback).toHaveBeenCalledTimes(1);
  });

  it("leaves a patch that came later alone, and goes on calling back under it", () => {
    const callback = vi.fn();
    const stop = afterHistoryCall("pushState", callback);
    const ours = history.pushState;
    const theirs = vi.fn((...args: Parameters<History["pushState"]>) => ours.apply(history, args));
    history.pushState = theirs;
    stop();
    history.pushState({}, "", "/later");
    expect(history.pushState).toBe(theirs);
    expect(location.pathname).toBe("/later");
    expect(callback).toHaveBeenCalledTimes(1);
  });
});
