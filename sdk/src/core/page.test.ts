import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { readPage } from "./page.ts";

beforeEach(() => {
  history.replaceState({}, "", "/shop/cart?token=1&utm_source=news#total");
  document.title = "Cart";
});
afterEach(() => vi.restoreAllMocks());

describe("readPage", () => {
  it("reads path and campaign, title, language and width class, and no more of the address", () => {
    expect(JSON.parse(JSON.stringify(readPage({})))).toEqual({
      url: "/shop/cart?utm_source=news",
      title: "Cart",
      language: "en-US",
      viewport: "lg",
    });
  });

  it("reads the page as it is at the time", () => {
    history.replaceState({}, "", "/b");
    document.title = "B";
    expect(readPage({})).toMatchObject({ url: "/b", title: "B" });
  });

  it("gives the referrer as host and path", () => {
    vi.spyOn(document, "referrer", "get").mockReturnValue("https://search.example/find?q=illness");
    expect(readPage({}).referrer).toBe("search.example/find");
  });

  it("takes what the caller states, through the same scrubber", () => {
    expect(
      readPage({ url: "https://a.example/x?token=1", referrer: "https://b.example/y?z=1", title: "T", viewport: "xs" }),
    ).toMatchObject({ url: "/x", referrer: "b.example/y", title: "T", viewport: "xs" });
  });

  it("takes a stated empty string for absent", () => {
    const page = readPage({ url: "", referrer: "", title: "" });
    expect([page.url, page.referrer, page.title]).toEqual([undefined, undefined, undefined]);
  });

  it("cuts a long title and a long language to what the protocol allows", () => {
    expect(readPage({ title: "x".repeat(300), language: "de-DE-u-co-phonebk-x" })).toMatchObject({
      title: "x".repeat(256),
      language: "de-DE-u-co-phone",
    });
  });

  it("sends the tag alone of a language that Chromium takes from a bare POSIX locale", () => {
    vi.spyOn(navigator, "language", "get").mockReturnValue("en-US@posix");
    expect(readPage({}).language).toBe("en-US");
  });

  it("survives a browser without a language", () => {
    vi.spyOn(navigator, "language", "get").mockReturnValue(undefined as unknown as string);
    expect(readPage({}).language).toBeUndefined();
  });

  it.each(["title", "referrer"] as const)("survives a form that is called %s", (name) => {
    vi.spyOn(document, name, "get").mockReturnValue(document.createElement("form") as unknown as string);
    expect(readPage({})[name]).toEqual(expect.any(String));
  });

  it.each([
    [320, "xs"],
    [639, "xs"],
    [640, "sm"],
    [768, "md"],
    [1024, "lg"],
    [1280, "xl"],
  ])("calls a window of %d px %s", (width, viewport) => {
    vi.spyOn(window, "innerWidth", "get").mockReturnValue(width);
    expect(readPage({}).viewport).toBe(viewport);
  });
});
