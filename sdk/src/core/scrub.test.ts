import { describe, expect, it } from "vitest";
import { scrubReferrer, scrubUrl } from "./scrub.ts";

describe("scrubUrl", () => {
  it.each([
    ["https://user:secret@shop.example:8443/a/b?token=1#x", "/a/b"],
    ["http://shop.example/", "/"],
    ["HTTPS://shop.example/a", "/a"],
    ["/cart?coupon=X", "/cart"],
    ["/a?utm_source=news&token=1&utm_medium=mail", "/a?utm_source=news&utm_medium=mail"],
    ["/a?token=1&utm_source=news", "/a?utm_source=news"],
    ["/a?token=utm_source=1", "/a"],
    ["/a?xutm_source=1&x-utm_source=2", "/a"],
    ["/a?utm%5Fsource=1", "/a"],
    ["/a#access_token=1?utm", "/a"],
    ["/a?b=1\n&secret", "/a"],
  ])("makes %j %j", (address, scrubbed) => {
    expect(scrubUrl(address)).toBe(scrubbed);
  });

  it.each([
    "file:///home/alice/notes.html",
    "data:text/html,<p>secret",
    "about:blank",
    "about:srcdoc",
    "blob:https://a.example/1",
    "javascript:alert(1)",
    "cart",
    "",
  ])("leaves nothing of %j", (address) => {
    expect(scrubUrl(address)).toBe("");
  });

  it("changes nothing when done twice", () => {
    const once = scrubUrl("https://a.example/a?x=1&utm_source=b&utm_term=c#d");
    expect(scrubUrl(once)).toBe(once);
  });

  it("cuts what is longer than the protocol allows", () => {
    expect(scrubUrl(`/${"a".repeat(5000)}`)).toHaveLength(2048);
  });
});

describe("scrubReferrer", () => {
  it.each([
    ["https://search.example/find?q=illness", "search.example/find"],
    ["https://user:secret@a.example:8080/b#c", "a.example:8080/b"],
    ["https://a.example?q=1@b", "a.example"],
    ["android-app://com.example.app/", "com.example.app/"],
    ["//a.example/b", "a.example/b"],
    ["a.example/b?c", "a.example/b"],
    ["https://a.example/b?c\nd", "a.example/b"],
    ["", ""],
  ])("makes %j %j", (address, scrubbed) => {
    expect(scrubReferrer(address)).toBe(scrubbed);
  });

  it("keeps the path of an address inside a path, as archives have them", () => {
    expect(scrubReferrer("https://archive.example/web/https://a.example/b?c")).toBe(
      "archive.example/web/https://a.example/b",
    );
  });

  it("changes nothing when done twice", () => {
    const once = scrubReferrer("https://a:b@a.example/b?c#d");
    expect(scrubReferrer(once)).toBe(once);
  });
});
