import { describe, expect, it } from "vitest";
import { scrubText } from "./scrub-text.ts";

describe("scrubText", () => {
  it.each([
    "x is not a function",
    "Cannot read properties of undefined (reading 'length')",
    "a?.b is not a function",
    "Is it true? #count must be declared",
    "Failed to fetch https://api.example/v1/users/7 twice",
    "react@18.2.0 and @scope/name do not match",
    "ÄÖÜ 漢字 😀 are no trouble",
  ])("leaves %j as it is", (text) => {
    expect(scrubText(text)).toBe(text);
  });

  it.each([
    ["credentials", "GET https://bob:pw@api.example/a failed", "GET https://api.example/a failed"],
    ["the query", "GET https://api.example/a?token=1&b=2 failed", "GET https://api.example/a failed"],
    ["the fragment", 'at "https://api.example/a#secret"', 'at "https://api.example/a'],
    ["what a query holds in brackets and quotes", "no (https://a.example/?q=('x'))", "no (https://a.example/"],
    ["the query of a path", "GET /users?name=bob: 404", "GET /users 404"],
    ["a query alone", "bad ?email=bob@home.example&b", "bad "],
    ["all addresses", "http://a:b@c.example/?d then ws://e:f@g.example/#h", "http://c.example/ then ws://g.example/"],
    ["what follows in JSON", '{"url":"https://a.example/?b","name":"Bob"} is bad', '{"url":"https://a.example/ is bad'],
    ["a document", "cannot load data:text/html,<p>bob</p> here", "cannot load data… here"],
    ["the user's folders", 'Not allowed: "file:///home/bob/x.js"', 'Not allowed: "file…'],
    ["an id of the browser", "no moz-extension://0b14d501-a594-442a/x.js?y", "no moz-extension…"],
    ["e-mail addresses", "user bob.smith+x@home.example is unknown", "user …@… is unknown"],
    ["lines and control characters", "a\r\n\tb\u0000c", "a b c"],
    ["half a character", "a\ud83d b", "a  b"],
  ])("takes out %s", (_, text, scrubbed) => {
    expect(scrubText(text)).toBe(scrubbed);
  });

  it("keeps campaigns, as of any address", () => {
    expect(scrubText("at https://a.example/?token=1&utm_source=news")).toBe("at https://a.example/?utm_source=news");
  });

  it("cuts a long text", () => {
    expect(scrubText("word ".repeat(100))).toHaveLength(300);
    expect(scrubText("word ".repeat(100), 12)).toBe("word word wo");
  });

  it("tells nothing of an address that its limit would cut in two, before the host is there to see", () => {
    const query = "x".repeat(970);
    expect(scrubText(`GET /a?${query} https://bob:${"secret".repeat(9)}@b.example/`)).toBe("GET /a");
  });

  it("tells nothing of a long text without a space: that is data", () => {
    expect(scrubText("A".repeat(5000))).toBe("");
    expect(scrubText(`no answer: ${"A".repeat(5000)}`)).toBe("no answer:");
  });

  it.each(["a".repeat(1e6), "a@".repeat(5e5), "//".repeat(5e5), "a-".repeat(5e5), "( ".repeat(5e5)])(
    "takes no time for a megabyte (%#)",
    (text) => {
      const startedAt = performance.now();
      scrubText(text);
      // Quadratic would be minutes.
      expect(performance.now() - startedAt).toBeLessThan(5000);
    },
  );
});
