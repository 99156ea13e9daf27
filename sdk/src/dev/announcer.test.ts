import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createAnnouncer } from "./announcer.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("createAnnouncer", () => {
  it("is a polite and atomic live region", () => {
    const { node } = createAnnouncer();
    expect([node.getAttribute("aria-live"), node.getAttribute("aria-atomic")]).toEqual(["polite", "true"]);
  });

  it("says the first thing at once, and of the next five seconds only the last", () => {
    const { node, announce } = createAnnouncer();
    announce("1 event");
    expect(node.textContent).toBe("1 event");
    announce("2 events");
    announce("3 events");
    vi.advanceTimersByTime(4999);
    expect(node.textContent).toBe("1 event");
    vi.advanceTimersByTime(1);
    expect(node.textContent).toBe("3 events");
  });

  it("is silent again, and leaves no timer, when nothing changes", () => {
    const { node, announce } = createAnnouncer();
    announce("1 event");
    vi.advanceTimersByTime(5000);
    const said = vi.fn();
    new MutationObserver(said).observe(node, { childList: true });
    announce("1 event");
    vi.advanceTimersByTime(60_000);
    expect(said).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });
});
