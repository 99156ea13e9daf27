import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { capture } from "./capture.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: 5000 });
  history.replaceState({}, "", "/shop/cart?utm_source=news");
  document.title = "Cart";
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe("capture", () => {
  it("takes the page as it is at the moment", () => {
    const first = capture("a");
    vi.setSystemTime(6000);
    history.replaceState({}, "", "/b");
    document.title = "B";
    expect(first).toEqual({
      event: "a",
      ts: 5000,
      url: "http://localhost:3000/shop/cart?utm_source=news",
      title: "Cart",
      viewport: "lg",
      metadata: undefined,
    });
    expect(capture("b")).toMatchObject({ ts: 6000, url: "http://localhost:3000/b", title: "B" });
  });

  it("takes what is stated instead", () => {
    const stated = { event: "a", ts: 1, url: "/x", referrer: "/y", title: "", viewport: "xs", id: "i" } as const;
    expect(capture("a", undefined, stated)).toEqual({ ...stated, metadata: undefined });
  });

  it("keeps metadata as JSON: the caller may go on changing it", () => {
    const metadata = { list: [1] };
    const captured = capture("a", metadata);
    metadata.list.push(2);
    expect(captured.metadata).toBe('{"list":[1]}');
  });

  it("throws for metadata that is not JSON", () => {
    expect(() => capture("a", { big: 1n })).toThrow("is not JSON");
  });

  it("has texts, where forms with these names take the place of what the document says", () => {
    document.body.innerHTML = '<form name="URL"></form><form name="title"></form>';
    // happy-dom does not let them; browsers do.
    for (const name of ["URL", "title"])
      Object.defineProperty(document, name, { configurable: true, value: document.body.firstChild });
    const { url, title } = capture("a");
    for (const name of ["URL", "title"]) Reflect.deleteProperty(document, name);
    expect([typeof url, typeof title]).toEqual(["string", "string"]);
  });

  it("cuts a long title to what the protocol allows", () => {
    document.title = "x".repeat(300);
    expect(capture("a").title).toBe("x".repeat(256));
  });

  it("survives a form that is called title", () => {
    vi.spyOn(document, "title", "get").mockReturnValue(document.createElement("form") as unknown as string);
    expect(capture("a").title).toEqual(expect.any(String));
  });

  it.each([
    [0, "xs"],
    [320, "xs"],
    [639, "xs"],
    [640, "sm"],
    [767, "sm"],
    [768, "md"],
    [1023, "md"],
    [1024, "lg"],
    [1279, "lg"],
    [1280, "xl"],
    [7680, "xl"],
  ])("calls a window of %d px %s", (width, viewport) => {
    vi.stubGlobal("outerWidth", width);
    expect(capture("a").viewport).toBe(viewport);
  });
});
