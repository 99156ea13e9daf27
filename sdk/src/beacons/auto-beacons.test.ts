import { afterEach, expect, it } from "vitest";
import { spyClient } from "../../test/spy-client.ts";
import { type AutoBeaconsOptions, autoBeacons } from "./auto-beacons.ts";

let stop = (): void => {};
afterEach(() => stop());

/** What is tracked by a load and clicks: on a link to another host, on a file, and on a tagged element. */
function tracked(options?: AutoBeaconsOptions): string[] {
  const client = spyClient();
  stop = autoBeacons(options)(client);
  document.body.innerHTML =
    '<a href="https://a.example">x</a><a href="/a.pdf">y</a><b data-tallymark-event="buy">z</b>';
  const stayHere = (event: Event) => event.preventDefault();
  document.addEventListener("click", stayHere);
  for (const link of document.querySelectorAll<HTMLElement>("a,b")) link.click();
  document.removeEventListener("click", stayHere);
  return client.tracked().map(([name]) => name);
}

it("runs all beacons", () => {
  expect(tracked()).toEqual(["page_view", "outbound_click", "file_download", "buy"]);
});

it("leaves out what is false", () => {
  expect(tracked({ pageViews: false })).toEqual(["outbound_click", "file_download", "buy"]);
  stop();
  expect(tracked({ linkClicks: false })).toEqual(["page_view", "buy"]);
  stop();
  expect(tracked({ taggedEvents: false })).toEqual(["page_view", "outbound_click", "file_download"]);
  stop();
  expect(tracked({ pageViews: false, linkClicks: false, taggedEvents: false })).toEqual([]);
});

it("passes the options on", () => {
  expect(tracked({ linkClicks: { outbound: false } })).toEqual(["page_view", "file_download", "buy"]);
});

it("stops all of them", () => {
  const client = spyClient();
  autoBeacons()(client)();
  history.pushState({}, "", `/${Math.random()}`);
  document.body.innerHTML = '<b data-tallymark-event="buy">z</b>';
  document.querySelector("b")?.click();
  expect(client.tracked()).toHaveLength(1);
});
