import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { BeaconClient, Tallymark } from "../core/options.ts";
import { devTools } from "../dev/dev-tools.ts";

const startDevTools = vi.fn<(client: BeaconClient) => () => void>(() => () => {});
vi.mock("../dev/dev-tools.ts", () => ({ devTools: vi.fn(() => startDevTools) }));

const fakeClient = () => ({ track: vi.fn(), flush: vi.fn(async () => {}) }) as unknown as Tallymark;

beforeEach(() => {
  vi.clearAllMocks();
  document.head.innerHTML = "";
  document.body.innerHTML = "";
});
afterEach(() => {
  delete window.tallymark;
  vi.restoreAllMocks();
});

async function load(
  attributes: Record<string, string> = {},
  readyState: DocumentReadyState = "loading",
): Promise<void> {
  const script = document.createElement("script");
  for (const [name, value] of Object.entries(attributes)) script.setAttribute(name, value);
  vi.spyOn(document, "currentScript", "get").mockReturnValue(script);
  vi.spyOn(document, "readyState", "get").mockReturnValue(readyState);
  vi.resetModules();
  await import("./dev.ts");
}

it("starts the tools with its own attributes and the page's client", async () => {
  window.tallymark = fakeClient();
  await load({ "data-endpoint": "https://stats.example", "data-token": "t" });
  expect(devTools).toHaveBeenCalledExactlyOnceWith({ endpoint: "https://stats.example", token: "t" });
  const given = startDevTools.mock.calls[0]?.[0];
  given?.track("dev_mode_enabled");
  await given?.flush();
  expect(window.tallymark.track).toHaveBeenCalledExactlyOnceWith("dev_mode_enabled");
  expect(window.tallymark.flush).toHaveBeenCalledTimes(1);
});

it("waits for a main script that comes later", async () => {
  await load();
  expect(startDevTools).not.toHaveBeenCalled();
  window.tallymark = fakeClient();
  dispatchEvent(new Event("load"));
  startDevTools.mock.calls[0]?.[0].track("x");
  expect(window.tallymark.track).toHaveBeenCalledTimes(1);
});

it("starts without a client where the page is complete, and does not throw", async () => {
  await load({}, "complete");
  expect(startDevTools).toHaveBeenCalledTimes(1);
  expect(() => startDevTools.mock.calls[0]?.[0].track("x")).not.toThrow();
});

it("harms nobody where an element is called tallymark", async () => {
  window.tallymark = document.createElement("div") as unknown as Tallymark;
  await load();
  expect(startDevTools).not.toHaveBeenCalled();
  dispatchEvent(new Event("load"));
  const given = startDevTools.mock.calls[0]?.[0];
  expect(() => given?.track("x")).not.toThrow();
  await expect(given?.flush()).resolves.toBeUndefined();
});

it("starts nothing where there is a badge already", async () => {
  document.body.append(document.createElement("tallymark-badge"));
  await load({}, "complete");
  expect(startDevTools).not.toHaveBeenCalled();
});

it("names attributes of the main tag that make no sense, wherever it stands, and no others", async () => {
  const consoleWarn = vi.spyOn(console, "warn").mockImplementation(() => {});
  await load();
  // As text: a script that is inserted as an element would be fetched.
  const tags = [
    '<script src="/app.js" data-sample-rate="many"></script>',
    '<script src="https://stats.example/tallymark-dev.js" data-site="?"></script>',
    '<script src="https://stats.example/tallymark.0.1.0.js" data-site="my shop" data-consent="granted"></script>',
  ];
  document.head.insertAdjacentHTML("beforeend", tags.join(""));
  expect(consoleWarn).not.toHaveBeenCalled();
  dispatchEvent(new Event("load"));
  expect(consoleWarn.mock.calls.map(([message]) => message)).toEqual([expect.stringContaining("data-site must be")]);
  expect(startDevTools).toHaveBeenCalledTimes(1);
});

it("says so where it does not know its own tag", async () => {
  const consoleWarn = vi.spyOn(console, "warn").mockImplementation(() => {});
  vi.spyOn(document, "currentScript", "get").mockReturnValue(null);
  vi.resetModules();
  await import("./dev.ts");
  dispatchEvent(new Event("load"));
  expect(consoleWarn).toHaveBeenCalledTimes(1);
  expect(devTools).toHaveBeenCalledExactlyOnceWith({ endpoint: "", token: undefined });
});
