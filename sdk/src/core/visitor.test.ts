import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { readVisitorId } from "./visitor.ts";

const KEY = "tallymark_visitor";

beforeEach(() => localStorage.clear());
afterEach(() => vi.restoreAllMocks());

/** A localStorage whose getter throws, as it does where the visitor blocks storage. */
function blockStorage(): void {
  vi.spyOn(globalThis, "localStorage", "get").mockImplementation(() => {
    throw new DOMException("denied", "SecurityError");
  });
}

describe("readVisitorId", () => {
  it("makes 128 random bits, keeps them in localStorage and finds them again", () => {
    const id = readVisitorId();
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(localStorage.getItem(KEY)).toBe(id);
    expect(readVisitorId()).toBe(id);
  });

  it("sets no cookie", () => {
    readVisitorId();
    expect(document.cookie).toBe("");
  });

  it.each(["", "<img src=x>", "a b", "x".repeat(65)])("replaces %j, which breaks the protocol", (stored) => {
    localStorage.setItem(KEY, stored);
    const id = readVisitorId();
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(localStorage.getItem(KEY)).toBe(id);
  });

  it("keeps an id that somebody else has set and the protocol allows", () => {
    localStorage.setItem(KEY, "visitor_42");
    expect(readVisitorId()).toBe("visitor_42");
  });

  it("keeps one id for the whole page where the storage is blocked", () => {
    blockStorage();
    const id = readVisitorId();
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(readVisitorId()).toBe(id);
  });

  it("lives in memory where the storage is full", () => {
    const setItem = vi.fn(() => {
      throw new DOMException("full", "QuotaExceededError");
    });
    vi.spyOn(globalThis, "localStorage", "get").mockReturnValue({ getItem: () => null, setItem } as unknown as Storage);
    const id = readVisitorId();
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(readVisitorId()).toBe(id);
    expect(setItem).toHaveBeenCalledTimes(2);
  });
});
