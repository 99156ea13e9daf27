import { describe, expect, it } from "vitest";
import { scrub } from "./scrub.ts";

describe("scrub", () => {
  it.each([
    ["/cart?coupon=X", "/cart"],
    ["/a#access_token=1", "/a"],
    ["/a#access_token=1?utm", "/a"],
    ["/a?b=1#c", "/a"],
    ["/a?utm_source=news&token=1&utm_medium=mail", "/a?utm_source=news&utm_medium=mail"],
    ["/a?token=1&utm_source=news", "/a?utm_source=news"],
    ["/a?token=1&utm_source=news&x=2&utm_medium=mail", "/a?utm_source=news&utm_medium=mail"],
    ["/a?token=1&utm_source=news#x", "/a?utm_source=news"],
    ["/a?token=utm_source=1", "/a"],
    ["/a?xutm_source=1&x-utm_source=2", "/a"],
    ["/a?utm%5Fsource=1", "/a"],
    ["/a?b=1\n&secret", "/a"],
    ["https://search.example/find?q=illness", "https://search.example/find"],
    ["https://a.example/b?c\nd", "https://a.example/b"],
    ["https://a.example?q=1@b", "https://a.example"],
    ["android-app://com.example.app/", "android-app://com.example.app/"],
    ["file:///home/alice/offer.html?utm_source=a", "?utm_source=a"],
    ["file:///C:/Users/alice/offer.html", ""],
    ["data:text/html,<p>a whole document</p>", ""],
    ["/file:/a", "/file:/a"],
    ["", ""],
    [undefined, ""],
  ])("makes %j %j", (address, scrubbed) => {
    expect(scrub(address)).toBe(scrubbed);
  });

  it.each([
    ["https://user:secret@a.example/b", "https://a.example/b"],
    ["https://user@a.example:8443/b?c", "https://a.example:8443/b"],
    ["https://us@er:se@cret@a.example/b", "https://a.example/b"],
    ["//user:secret@a.example/b", "//a.example/b"],
  ])("leaves no credentials in %j", (address, scrubbed) => {
    expect(scrub(address)).toBe(scrubbed);
  });

  it.each([
    ["https://a.example/@alice/post", "https://a.example/@alice/post"],
    ["/@alice/post", "/@alice/post"],
    ["https://archive.example/web/https://b.example/c?d", "https://archive.example/web/https://b.example/c"],
  ])("leaves the path of %j as it is", (address, scrubbed) => {
    expect(scrub(address)).toBe(scrubbed);
  });

  it("changes nothing when done twice", () => {
    for (const address of ["http://a.example/a?x=1&utm_source=b&utm_term=c#d", "https://a:b@c.example/d?e#f"]) {
      const once = scrub(address);
      expect(scrub(once)).toBe(once);
    }
  });
});
