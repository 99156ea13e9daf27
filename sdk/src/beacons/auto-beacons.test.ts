import { afterEach, expect, it, vi } from "vitest";
import { transportTo } from "../../test/open-transport.ts";
import { spyClient } from "../../test/spy-client.ts";
import { type AutoBeaconsOptions, autoBeacons } from "./auto-beacons.ts";

let stop = (): void => {};
afterEach(() => stop());

/**
 * What is tracked by a load, by clicks on a link to another host, on a file and on a tagged element, and by a form.
 */
function tracked(options?: AutoBeaconsOptions): string[] {
  const client = spyClient();
  stop = autoBeacons(options)(client);
  document.body.innerHTML =
    '<a href="https://a.example">x</a><a href="/a.pdf">y</a><b data-tallymark-event="buy">z</b><form></form>';
  const stayHere = (event: Event) => event.preventDefault();
  document.addEventListener("click", stayHere);
  for (const link of document.querySelectorAll<HTMLElement>("a,b")) link.click();
  document.removeEventListener("click", stayHere);
  document.querySelector("form")?.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
  return client.tracked().map(([name]) => name);
}

it("runs all beacons", () => {
  expect(tracked()).toEqual(["page_view", "outbound_click", "file_download", "buy", "form_submit"]);
});

it("leaves out what is false", () => {
  expect(tracked({ pageViews: false })).toEqual(["outbound_click", "file_download", "buy", "form_submit"]);
  stop();
  expect(tracked({ linkClicks: false })).toEqual(["page_view", "buy", "form_submit"]);
  stop();
  expect(tracked({ taggedEvents: false })).toEqual(["page_view", "outbound_click", "file_download", "form_submit"]);
  stop();
  expect(tracked({ pageViews: false, linkClicks: false, taggedEvents: false, formSubmits: false })).toEqual([]);
});

it("passes the options on", () => {
  expect(tracked({ linkClicks: { downloads: /none/ } })).toEqual(["page_view", "outbound_click", "buy", "form_submit"]);
});

it("stops all of them", () => {
  const client = spyClient();
  autoBeacons()(client)();
  history.pushState({}, "", `/${Math.random()}`);
  document.body.innerHTML = '<b data-tallymark-event="buy">z</b>';
  document.querySelector("b")?.click();
  expect(client.tracked()).toHaveLength(1);
});

it("runs those that watch how a page is read, but for what is false", () => {
  const { transport } = transportTo();
  const client = spyClient(transport);
  vi.spyOn(document, "hasFocus").mockReturnValue(true);
  vi.spyOn(document.documentElement, "clientHeight", "get").mockReturnValue(100);
  vi.spyOn(document.documentElement, "scrollHeight", "get").mockReturnValue(400);
  vi.stubGlobal("ResizeObserver", ObserverAtOnce);
  const read = (options?: AutoBeaconsOptions): string[] => {
    stop = autoBeacons(options)(client);
    transport._view = { event: "page_view", ts: 1 };
    vi.spyOn(performance, "now").mockReturnValue(performance.now() + 5000);
    dispatchEvent(new Event("pagehide"));
    stop();
    return client.track.mock.calls.splice(0).map(([name]) => name);
  };
  expect(read()).toContain("engagement");
  expect(read()).toContain("scroll_depth");
  expect(read({ engagement: false, scrollDepth: false, pageViews: false })).toEqual([]);
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

class ObserverAtOnce {
  readonly observe: () => void;
  constructor(callback: () => void) {
    this.observe = callback;
  }
  disconnect(): void {}
}
