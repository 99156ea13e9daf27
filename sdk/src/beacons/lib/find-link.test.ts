import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ClickedLink, findLink } from "./find-link.ts";

let found: ClickedLink | undefined | Error;

function onClick(event: Event): void {
  // happy-dom would follow the link.
  event.preventDefault();
  try {
    found = findLink(event);
  } catch (error) {
    found = error as Error;
  }
}

beforeEach(() => addEventListener("click", onClick, true));
afterEach(() => removeEventListener("click", onClick, true));

/** Clicks the element with `id="target"` in a document of `html`. */
function click(html: string): typeof found {
  document.body.innerHTML = html;
  document
    .querySelector("#target")
    ?.dispatchEvent(new MouseEvent("click", { bubbles: true, composed: true, cancelable: true }));
  return found;
}

const href = (link: typeof found) => (link && "address" in link ? link.address.href : link);

describe("findLink", () => {
  it.each([
    ["the link itself", '<a id="target" href="https://a.example/b">x</a>'],
    ["an element deep in it", '<a href="https://a.example/b"><b><i id="target">x</i></b></a>'],
    ["an area of a map", '<map><area id="target" href="https://a.example/b"></map>'],
  ])("finds %s", (_, html) => {
    expect(href(click(html))).toBe("https://a.example/b");
  });

  it("finds a link in an open shadow root", () => {
    document.body.innerHTML = "<div></div>";
    const root = document.querySelector("div")?.attachShadow({ mode: "open" });
    if (root) root.innerHTML = '<a href="https://a.example/b"><i>x</i></a>';
    root
      ?.querySelector("i")
      ?.dispatchEvent(new MouseEvent("click", { bubbles: true, composed: true, cancelable: true }));
    expect(href(found)).toBe("https://a.example/b");
  });

  it("finds an SVG link, whose address is an animated string", () => {
    document.body.innerHTML = "<svg><a><circle /></a></svg>";
    const link = document.querySelector("a");
    Object.defineProperty(link, "href", { value: { baseVal: "/drawn" } });
    document.querySelector("circle")?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
    expect(href(found)).toBe("http://localhost:3000/drawn");
  });

  it.each([
    ["nothing", '<p id="target">x</p>'],
    ["an anchor without address", '<a id="target">x</a>'],
    ["mailto", '<a id="target" href="mailto:a@a.example">x</a>'],
    ["javascript", '<a id="target" href="javascript:void 0">x</a>'],
    ["a button", '<button id="target">x</button>'],
    ["an ignored link", '<a id="target" href="https://a.example" data-tallymark-ignore>x</a>'],
    [
      "a link in an ignored part",
      '<div data-tallymark-ignore><p><a id="target" href="https://a.example">x</a></p></div>',
    ],
  ])("finds none in %s", (_, html) => {
    expect(click(html)).toBeUndefined();
  });

  it("finds none in a link inside an ignored shadow host", () => {
    document.body.innerHTML = "<div data-tallymark-ignore></div>";
    const root = document.querySelector("div")?.attachShadow({ mode: "open" });
    if (root) root.innerHTML = '<a href="https://a.example/b">x</a>';
    root
      ?.querySelector("a")
      ?.dispatchEvent(new MouseEvent("click", { bubbles: true, composed: true, cancelable: true }));
    expect(found).toBeUndefined();
  });

  it("knows a download", () => {
    expect(click('<a id="target" href="/export" download>x</a>')).toMatchObject({ isDownload: true });
    expect(click('<a id="target" href="/export">x</a>')).toMatchObject({ isDownload: false });
  });
});
