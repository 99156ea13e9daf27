import { afterEach, describe, expect, it, vi } from "vitest";
import { findScript, MAIN_FILE, readAttributes } from "./attributes.ts";

const consoleWarn = vi.spyOn(console, "warn").mockImplementation(() => {});
afterEach(() => {
  expect(consoleWarn).not.toHaveBeenCalled();
});

function scriptTag(attributes: Record<string, string> = {}): HTMLScriptElement {
  const script = document.createElement("script");
  for (const [name, value] of Object.entries(attributes)) script.setAttribute(name, value);
  // happy-dom does not resolve it as browsers do.
  Object.defineProperty(script, "src", { value: attributes.src ?? "" });
  return script;
}

describe("findScript", () => {
  afterEach(() => {
    document.head.innerHTML = "";
    vi.restoreAllMocks();
  });

  function addTags(...addresses: string[]): void {
    // As text: a script that is inserted as an element would be fetched.
    const html = addresses.map((src) => `<script type="module" src="${src}"></script>`).join("");
    document.head.insertAdjacentHTML("beforeend", html);
  }

  it("takes the tag that is running", () => {
    addTags("https://stats.example/tallymark.js");
    const running = scriptTag();
    vi.spyOn(document, "currentScript", "get").mockReturnValue(running);
    expect(findScript(MAIN_FILE)).toBe(running);
  });

  it.each(["tallymark.js", "tallymark.0.1.0.js", "tallymark.min.js?v=1"])(
    "finds the tag of a module by the name of its file, %s, not by its host",
    (file) => {
      addTags("https://tallymark.example/tallymark-dev.js", `https://tallymark.example/${file}`);
      expect(findScript(MAIN_FILE)?.getAttribute("src")).toBe(`https://tallymark.example/${file}`);
    },
  );

  it("takes no other script for it", () => {
    addTags("/app.js", "https://tallymark.example/app.js");
    expect(findScript(MAIN_FILE)).toBeUndefined();
  });
});

describe("readAttributes", () => {
  const defaults = { endpoint: "", sampleRate: 1, respectGpc: true, respectDnt: false };

  it("reads all of them", () => {
    const script = scriptTag({
      "data-endpoint": "https://stats.example/t",
      "data-site": "shop.example",
      "data-sample-rate": "0.25",
      "data-consent": "pending",
      "data-identity": "session",
      "data-respect-gpc": "false",
      "data-respect-dnt": "true",
    });
    expect(readAttributes(script)).toEqual({
      endpoint: "https://stats.example/t",
      site: "shop.example",
      sampleRate: 0.25,
      consent: "pending",
      identity: "session",
      respectGpc: false,
      respectDnt: true,
    });
  });

  it.each([
    ["has none of them", scriptTag()],
    ["is not there, as in a module", null],
    ["is not to be found", undefined],
    ["has them empty, but for the endpoint", scriptTag({ "data-site": "", "data-sample-rate": " " })],
  ])("has only defaults where the tag %s", (_, script) => {
    expect(readAttributes(script)).toEqual(defaults);
  });

  it.each([
    ["the origin the script came from", { src: "https://stats.example/a/tallymark.js?v=1" }, "https://stats.example"],
    ["the page's own origin for an inline script", {}, ""],
    ["what is stated before both", { src: "https://cdn.example/t.js", "data-endpoint": "/stats" }, "/stats"],
    ["the page's own origin where that is stated", { src: "https://cdn.example/t.js", "data-endpoint": "" }, ""],
  ])("sends to %s", (_, attributes, endpoint) => {
    expect(readAttributes(scriptTag(attributes as Record<string, string>)).endpoint).toBe(endpoint);
  });

  it.each([
    ["0", 0],
    ["1", 1],
    ["", 1],
    ["abc", Number.NaN],
    ["0,5", Number.NaN],
  ])("reads the rate %j as %j, and NaN counts as 1 in the core", (value, rate) => {
    expect(readAttributes(scriptTag({ "data-sample-rate": value })).sampleRate).toBe(rate);
  });

  it("respects what it does not understand", () => {
    const script = scriptTag({ "data-respect-gpc": "no", "data-respect-dnt": "yes", "data-consent": "" });
    expect(readAttributes(script)).toMatchObject({ respectGpc: true, respectDnt: false, consent: "" });
  });
});
