import { afterEach, describe, expect, it, vi } from "vitest";
import { checkAttributes } from "./check-attributes.ts";

const consoleWarn = vi.spyOn(console, "warn").mockImplementation(() => {});
afterEach(() => {
  consoleWarn.mockClear();
});

function check(attributes: Record<string, string>): void {
  const script = document.createElement("script");
  for (const [name, value] of Object.entries(attributes)) script.setAttribute(name, value);
  checkAttributes(script);
}

describe("checkAttributes", () => {
  it("says nothing of what makes sense", () => {
    check({});
    check({ "data-endpoint": "", "data-sample-rate": "0", "data-respect-gpc": "true", "data-nonce": "x" });
    check({
      "data-endpoint": "https://stats.example.com",
      "data-site": "shop.example",
      "data-sample-rate": "0.25",
      "data-consent": "denied",
      "data-identity": "none",
      "data-respect-gpc": "false",
      "data-respect-dnt": "true",
      "data-beacons": " vitals errors\n  engagement scroll forms rage dead notfound",
    });
    check({ "data-beacons": "" });
    expect(consoleWarn).not.toHaveBeenCalled();
  });

  it.each([
    ["data-sample-rate", "abc", "1 is used"],
    ["data-sample-rate", "", "1 is used"],
    ["data-sample-rate", " ", "1 is used"],
    ["data-sample-rate", "25%", "1 is used"],
    ["data-sample-rate", "1.5", "1 is used"],
    ["data-sample-rate", "-1", "0 for what is less"],
    ["data-site", "my shop", "refuses every event"],
    ["data-site", "", "without a site"],
    ["data-endpoint", "stats.example", "what it says is used all the same"],
    ["data-endpoint", "javascript:alert(1)", "what it says is used all the same"],
    ["data-consent", "yes", "nothing is sent"],
    ["data-identity", "cookie", "memory is used"],
    ["data-beacons", "vitals,errors", "left out"],
    ["data-beacons", "vitals pageviews", "left out"],
    ["data-beacons", "constructor", "left out"],
    ["data-respect-gpc", "no", "true is used"],
    ["data-respect-dnt", "", "false is used"],
  ])("names %s=%j once, and says what happens", (name, value, instead) => {
    check({ "data-site": "shop", [name]: value });
    expect(consoleWarn).toHaveBeenCalledTimes(1);
    const [message] = consoleWarn.mock.calls[0] ?? [];
    expect(message).toContain(`${name} must be `);
    expect(message).toContain(`"${value}"`);
    expect(message).toContain(instead);
  });
});
