import { afterEach, describe, expect, it, vi } from "vitest";
import { recentEvent, snapshotOf, stubCollector } from "../../test/dev-fixtures.ts";
import { devTools } from "./dev-tools.ts";
import { readDevMode } from "./guard.ts";

const client = { track: vi.fn(), flush: vi.fn(async () => {}) };
const ELEMENTS = "tallymark-badge, tallymark-panel";
let stop = () => {};

function start(mode: "0" | "1"): void {
  history.replaceState(null, "", `/?dev=${mode}`);
  stop = devTools({ endpoint: "https://stats.example.com", token: "t", intervalMs: 500 })(client);
}

afterEach(() => {
  stop();
  history.replaceState(null, "", "/?dev=0");
  readDevMode(client);
  client.track.mockClear();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe("devTools", () => {
  it("puts nothing into the page, defines nothing and asks nothing while developer mode is off", async () => {
    const { fetch } = stubCollector();
    start("0");
    await Promise.resolve();
    expect(document.querySelector(ELEMENTS)).toBeNull();
    expect(customElements.get("tallymark-badge")).toBeUndefined();
    expect(fetch).not.toHaveBeenCalled();
    expect(client.track).not.toHaveBeenCalled();
  });

  it("puts badge and closed panel into the page while it is on, and tells the client of the change", async () => {
    stubCollector({ snapshot: snapshotOf(recentEvent()) });
    start("1");
    const [badge, panel] = document.body.querySelectorAll(ELEMENTS);
    expect([badge?.localName, panel?.localName]).toEqual(["tallymark-badge", "tallymark-panel"]);
    expect(panel?.hasAttribute("open")).toBe(false);
    expect(badge?.outerHTML).toContain('endpoint="https://stats.example.com" token="t" interval-ms="500"');
    expect(client.track.mock.calls).toEqual([["dev_mode_enabled"]]);
    await vi.waitFor(() => expect(badge?.shadowRoot?.textContent).toContain("1 event"));
    expect(client.flush).toHaveBeenCalled();
  });

  it("removes them again when stopped", () => {
    stubCollector();
    start("1");
    stop();
    expect(document.querySelector(ELEMENTS)).toBeNull();
  });

  it("can be started again by the same beacon, as consent is taken back and given", () => {
    stubCollector();
    history.replaceState(null, "", "/?dev=1");
    const beacon = devTools({ endpoint: "https://stats.example.com" });
    beacon(client)();
    stop = beacon(client);
    expect(document.querySelectorAll(ELEMENTS)).toHaveLength(2);
    expect(client.track.mock.calls).toEqual([["dev_mode_enabled"]]);
  });

  it("waits for a body, and does not come back after it was stopped meanwhile", () => {
    stubCollector();
    const body = vi.spyOn(document, "body", "get").mockReturnValue(null as unknown as HTMLElement);
    start("1");
    const [first, stopFirst] = [document.querySelector(ELEMENTS), stop];
    start("1");
    stopFirst();
    body.mockRestore();
    document.dispatchEvent(new Event("DOMContentLoaded"));
    expect(first).toBeNull();
    expect(document.querySelectorAll(ELEMENTS)).toHaveLength(2);
  });
});
