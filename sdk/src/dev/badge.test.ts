import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { HEALTHY, recentEvent, snapshotOf, stubCollector } from "../../test/dev-fixtures.ts";
import { defineBadge } from "./badge.ts";

function mount(attributes: { readonly [name: string]: string } = { endpoint: "https://stats.example.com" }) {
  const badge = document.createElement("tallymark-badge");
  for (const [name, value] of Object.entries(attributes)) badge.setAttribute(name, value);
  document.body.append(badge);
  const find = (selector: string) => badge.shadowRoot?.querySelector<HTMLElement>(selector);
  return { badge, find, text: (selector: string) => find(selector)?.textContent };
}

const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  defineBadge();
  vi.useFakeTimers();
});

afterEach(async () => {
  document.body.replaceChildren();
  await settle();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe("<tallymark-badge>", () => {
  it("shows the number of events in the ring, and the status as a word", async () => {
    stubCollector({ snapshot: snapshotOf(recentEvent(), recentEvent({ id: "e2" })) });
    const { text } = mount();
    await settle();
    expect(text(".count")).toBe("2");
    expect(text(".unit")).toBe("events");
    expect(text(".status")).toBe("live");
  });

  it("says that it connects, then that there is an error", async () => {
    stubCollector({ status: 401 });
    const { text } = mount();
    await Promise.resolve();
    expect(text(".status")).toBe("connecting");
    await settle();
    expect(text(".status")).toBe("error");
    expect(text(".count")).toBe("–");
  });

  it("says when the collector cannot store", async () => {
    stubCollector({ health: { ...HEALTHY, status: "degraded" } });
    const { text } = mount();
    await settle();
    expect(text(".status")).toBe("degraded");
  });

  it("announces the count politely, outside the button", async () => {
    stubCollector({ snapshot: snapshotOf(recentEvent()) });
    const { find, text } = mount();
    expect(text("[aria-live]")).toBe("");
    await settle();
    expect(text("[aria-live=polite][aria-atomic=true]")).toBe("1 event, live");
    expect(find("button [aria-live]")).toBeNull();
  });

  it("is a button that asks the page to toggle the panel", () => {
    stubCollector();
    const { badge, find } = mount();
    const toggled = vi.fn();
    document.addEventListener("tallymark-toggle", toggled);
    find("button")?.click();
    document.removeEventListener("tallymark-toggle", toggled);
    expect(toggled).toHaveBeenCalledTimes(1);
    expect(toggled.mock.calls[0]?.[0].target).toBe(badge);
  });

  it("tells assistive technology whether the panel is open", () => {
    stubCollector();
    const { find } = mount();
    expect(find("button")?.getAttribute("aria-expanded")).toBe("false");
    document.dispatchEvent(new CustomEvent("tallymark-panel-state", { detail: { open: true } }));
    expect(find("button")?.getAttribute("aria-expanded")).toBe("true");
  });

  it("marks itself so that its own clicks are never captured", () => {
    stubCollector();
    expect(mount().badge.hasAttribute("data-tallymark-ignore")).toBe(true);
  });

  it("uses token, interval and client", async () => {
    const { fetch, polls } = stubCollector();
    const { badge } = mount({ endpoint: "https://stats.example.com", token: "t", "interval-ms": "200" });
    const client = { track: vi.fn(), flush: vi.fn(async () => {}) };
    badge.client = client;
    await vi.advanceTimersByTimeAsync(1000);
    expect(polls()).toBeGreaterThanOrEqual(4);
    expect(client.flush).toHaveBeenCalledTimes(polls());
    expect(fetch.mock.calls[0]?.[1]?.headers).toEqual({ Authorization: "Bearer t" });
  });

  it("follows a changed endpoint", async () => {
    const { fetch } = stubCollector();
    const { badge } = mount();
    await settle();
    fetch.mockClear();
    badge.setAttribute("endpoint", "https://other.example.com");
    await vi.advanceTimersByTimeAsync(10_000);
    const hosts = new Set(fetch.mock.calls.map(([input]) => new URL(String(input)).host));
    expect([...hosts]).toEqual(["other.example.com"]);
  });

  it("takes over a client that was set before the element was defined", async () => {
    stubCollector();
    const badge = document.createElement("tallymark-badge");
    const client = { track: vi.fn(), flush: vi.fn(async () => {}) };
    Object.defineProperty(badge, "client", { value: client, configurable: true, enumerable: true, writable: true });
    document.body.append(badge);
    await settle();
    expect(Object.hasOwn(badge, "client")).toBe(false);
    expect(client.flush).toHaveBeenCalled();
  });

  it("asks nothing more once it is out of the page", async () => {
    const { fetch } = stubCollector();
    const { badge } = mount();
    await settle();
    badge.remove();
    fetch.mockClear();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(fetch).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("may be defined again", () => expect(defineBadge).not.toThrow());
});
