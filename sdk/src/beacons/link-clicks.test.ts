import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { spyClient } from "../../test/spy-client.ts";
import { type LinkClicksOptions, linkClicks } from "./link-clicks.ts";

let client: ReturnType<typeof spyClient>;
let stop = (): void => {};
/** Whether the beacon had stopped the browser from following the link. */
let wasPrevented: boolean[] = [];

// happy-dom would follow the link.
function stayHere(event: Event): void {
  wasPrevented.push(event.defaultPrevented);
  event.preventDefault();
}

beforeEach(() => {
  wasPrevented = [];
  for (const type of ["click", "auxclick"]) document.addEventListener(type, stayHere);
});
afterEach(() => {
  stop();
  for (const type of ["click", "auxclick"]) document.removeEventListener(type, stayHere);
});

function click(
  href: string,
  { type = "click", attributes = "", ...init }: MouseEventInit & { type?: string; attributes?: string } = {},
) {
  document.body.innerHTML = `<a ${attributes}>x</a>`;
  const link = document.querySelector("a");
  link?.setAttribute("href", href);
  link?.dispatchEvent(new MouseEvent(type, { bubbles: true, cancelable: true, composed: true, ...init }));
}

function start(options?: LinkClicksOptions): void {
  client = spyClient();
  stop();
  stop = linkClicks(options)(client);
}

describe("linkClicks", () => {
  beforeEach(() => start());

  it("tracks a link to another host, by host and path only", () => {
    click("https://user:secret@a.example:8080/b?token=1#c");
    expect(client.tracked()).toEqual([["outbound_click", { href: "a.example:8080/b" }]]);
  });

  it("tracks a file on this host", () => {
    click("/files/Report.PDF?token=1");
    expect(client.tracked()).toEqual([["file_download", { href: "localhost:3000/files/Report.PDF" }]]);
  });

  it("tracks a link with the download attribute", () => {
    click("/export", { attributes: "download" });
    expect(client.tracked()).toEqual([["file_download", { href: "localhost:3000/export" }]]);
  });

  it("tracks a file on another host once, as outbound", () => {
    click("https://a.example/report.pdf");
    expect(client.tracked()).toEqual([["outbound_click", { href: "a.example/report.pdf" }]]);
  });

  it.each([
    "/page",
    "/page.html",
    "#part",
    "?tab=2",
    "mailto:a@a.example",
    "tel:1",
    "javascript:void 0",
    "https://",
    "/v1.2/notes",
    "/zip",
    "ftp://a.example/a.zip",
    "slack://open",
  ])("tracks nothing for %s", (href) => {
    click(href);
    expect(client.track).not.toHaveBeenCalled();
  });

  it("tracks a click with the middle button, none with the right one", () => {
    click("https://a.example/b", { type: "auxclick", button: 1 });
    click("https://a.example/c", { type: "auxclick", button: 2 });
    expect(client.tracked()).toEqual([["outbound_click", { href: "a.example/b" }]]);
  });

  it("tracks an area of a map", () => {
    document.body.innerHTML = '<map><area href="https://a.example/b"></map>';
    document.querySelector("area")?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
    expect(client.tracked()).toEqual([["outbound_click", { href: "a.example/b" }]]);
  });

  it("tracks an SVG link, whose address is an animated string", () => {
    document.body.innerHTML = "<svg><a><circle /></a></svg>";
    Object.defineProperty(document.querySelector("a"), "href", { value: { baseVal: "/drawn.pdf" } });
    document.querySelector("circle")?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
    expect(client.tracked()).toEqual([["file_download", { href: "localhost:3000/drawn.pdf" }]]);
  });

  it("tracks nothing in an anchor without an address, wherever the page's addresses start", () => {
    document.head.innerHTML = '<base href="https://a.example/b.pdf">';
    document.body.innerHTML = "<a download>x</a>";
    document.querySelector("a")?.click();
    document.head.innerHTML = "";
    expect(client.track).not.toHaveBeenCalled();
  });

  it("leaves a click in a tagged element to taggedEvents", () => {
    click("https://a.example", { attributes: 'data-tallymark-event="buy"' });
    document.body.innerHTML = '<p data-tallymark-event="read"><a href="/a.pdf">x</a></p>';
    document.querySelector("a")?.click();
    expect(client.track).not.toHaveBeenCalled();
  });

  it("is not stopped by a page that stops the event", () => {
    const stopIt = (event: Event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
    };
    document.addEventListener("click", stopIt, true);
    click("https://a.example");
    document.removeEventListener("click", stopIt, true);
    expect(client.track).toHaveBeenCalledTimes(1);
  });

  it("never prevents or repeats the navigation, and flushes nothing in its way", () => {
    const clicks = vi.fn();
    document.addEventListener("click", clicks);
    click("https://a.example");
    click("/report.pdf");
    document.removeEventListener("click", clicks);
    expect(wasPrevented).toEqual([false, false]);
    expect(clicks).toHaveBeenCalledTimes(2);
    expect(client.flush).not.toHaveBeenCalled();
  });

  it("is silent inside data-tallymark-ignore", () => {
    click("https://a.example", { attributes: "data-tallymark-ignore" });
    expect(client.track).not.toHaveBeenCalled();
  });

  it("knows this host in a srcdoc frame, whose location has none", () => {
    vi.stubGlobal("location", new URL("about:srcdoc"));
    click("http://localhost:3000/b");
    click("http://localhost/b");
    vi.unstubAllGlobals();
    expect(client.tracked()).toEqual([["outbound_click", { href: "localhost/b" }]]);
  });

  it("tracks nothing after stop", () => {
    stop();
    click("https://a.example");
    expect(client.track).not.toHaveBeenCalled();
  });
});

describe("linkClicks options", () => {
  it("takes another expression instead of its own", () => {
    start({ downloads: /\.sketch$/g });
    click("/a.sketch");
    click("/b.sketch");
    click("/a.pdf");
    click("/a", { attributes: "download" });
    expect(client.tracked().map(([, said]) => said)).toEqual([
      { href: "localhost:3000/a.sketch" },
      { href: "localhost:3000/b.sketch" },
      { href: "localhost:3000/a" },
    ]);
  });

  it("tracks mailto: and tel: links on request, without whom", () => {
    start({ contacts: true });
    click("mailto:jane@a.example?subject=secret");
    click("tel:+491234");
    click("javascript:void 0");
    click("sms:123");
    expect(client.tracked()).toEqual([
      ["contact_click", { href: "mailto:" }],
      ["contact_click", { href: "tel:" }],
    ]);
  });

  it("tracks no mailto: link without being asked", () => {
    start();
    click("mailto:jane@a.example");
    expect(client.track).not.toHaveBeenCalled();
  });
});
