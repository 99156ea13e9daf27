import { afterEach, describe, expect, it, vi } from "vitest";
import { findScript, readAttributes } from "./attributes.ts";

const consoleWarn = vi.spyOn(console, "warn").mockImplementation(() => {});
afterEach(() => {
  vi.unstubAllEnvs();
  consoleWarn.mockClear();
});

function scriptTag(attributes: Record<string, string>): HTMLScriptElement {
  const script = document.createElement("script");
  for (const [name, value] of Object.entries(attributes)) script.setAttribute(name, value);
  // happy-dom does not resolve it as browsers do.
  Object.defineProperty(script, "src", { value: attributes.src ?? "" });
  return script;
}

describe("findScript", () => {
  afterEach(() => {
    document.head.innerHTML = "";
  });

  function addTag(attributes: string): void {
    // As text: a script that is inserted as an element would be fetched.
    document.head.insertAdjacentHTML("beforeend", `<script ${attributes}></script>`);
  }

  it("finds the tag of a module by the name of its file", () => {
    addTag('type="module" src="https://stats.example/tallymark-dev.js"');
    addTag('type="module" src="https://stats.example/tallymark.0.1.0.js" data-site="shop"');
    expect(findScript("tallymark")?.dataset.site).toBe("shop");
    expect(findScript("tallymark-dev")?.getAttribute("src")).toBe("https://stats.example/tallymark-dev.js");
    expect(consoleWarn).not.toHaveBeenCalled();
  });

  it("says so on the console where there is none, and takes no other script for it", () => {
    addTag('type="module" src="/app.js"');
    expect(findScript("tallymark")).toBeNull();
    expect(consoleWarn).toHaveBeenCalledTimes(1);
  });
});

describe("readAttributes", () => {
  it("reads endpoint, site and rate", () => {
    const script = scriptTag({
      "data-endpoint": "https://stats.example/t",
      "data-site": "shop.example",
      "data-sample-rate": "0.25",
    });
    expect(readAttributes(script)).toEqual({
      endpoint: "https://stats.example/t",
      site: "shop.example",
      sampleRate: 0.25,
    });
    expect(consoleWarn).not.toHaveBeenCalled();
  });

  it.each([
    ["the origin the script came from", { src: "https://stats.example/tallymark.js?v=1" }, "https://stats.example"],
    ["the page's own origin for an inline script", {}, ""],
    ["what is stated before both", { src: "https://cdn.example/t.js", "data-endpoint": "/stats" }, "/stats"],
    ["the page's own origin where that is stated", { src: "https://cdn.example/t.js", "data-endpoint": "" }, ""],
  ])("sends to %s", (_, attributes, endpoint) => {
    expect(readAttributes(scriptTag(attributes as Record<string, string>))).toEqual({ endpoint });
    expect(consoleWarn).not.toHaveBeenCalled();
  });

  it("has only defaults where there is no tag, as in a module", () => {
    expect(readAttributes(null)).toEqual({ endpoint: "" });
  });

  it.each([
    ["data-sample-rate", "abc"],
    ["data-sample-rate", ""],
    ["data-sample-rate", " "],
    ["data-sample-rate", "25%"],
    ["data-sample-rate", "1.5"],
    ["data-sample-rate", "-1"],
    ["data-site", "my shop"],
    ["data-site", ""],
    ["data-endpoint", "stats.example"],
    ["data-endpoint", "javascript:alert(1)"],
  ])("names %s=%j on the console, in production too, and uses the default", (name, value) => {
    vi.stubEnv("NODE_ENV", "production");
    const options = readAttributes(scriptTag({ src: "https://stats.example/t.js", [name]: value }));
    expect(options).toEqual({ endpoint: "https://stats.example" });
    expect(consoleWarn).toHaveBeenCalledTimes(1);
    expect(consoleWarn.mock.calls[0]?.[0]).toContain(name);
  });

  it("takes 0 and 1 for rates", () => {
    expect(readAttributes(scriptTag({ "data-sample-rate": "0" })).sampleRate).toBe(0);
    expect(readAttributes(scriptTag({ "data-sample-rate": "1" })).sampleRate).toBe(1);
  });
});
