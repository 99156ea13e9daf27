import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { HEALTHY, recentEvent, snapshotOf, stubCollector } from "../../test/dev-fixtures.ts";
import { defineBadge } from "./badge.ts";
import { definePanel } from "./panel.ts";

function mount({ open = true } = {}) {
  const panel = document.createElement("tallymark-panel");
  panel.setAttribute("endpoint", "https://stats.example.com");
  panel.toggleAttribute("open", open);
  document.body.append(panel);
  const all = (selector: string) => [...(panel.shadowRoot?.querySelectorAll<HTMLElement>(selector) ?? [])];
  const text = (selector: string) => all(selector)[0]?.textContent;
  const isShown = (selector: string) => all(selector).some((node) => node.closest("[hidden]") === null);
  const filter = (value: string) => {
    const input = all("input")[0] as HTMLInputElement;
    input.value = value;
    input.dispatchEvent(new Event("input"));
  };
  return { panel, all, text, isShown, filter };
}

const settle = () => vi.advanceTimersByTimeAsync(0);
const press = (node: Element | null | undefined, key: string) =>
  node?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, composed: true, cancelable: true }));

const hostile = '<img src=x onerror="globalThis.pwned=1">';

beforeEach(() => {
  defineBadge();
  definePanel();
  vi.useFakeTimers({ now: Date.parse("2026-11-20T12:00:30.000Z") });
  vi.spyOn(Math, "random").mockReturnValue(0.5);
});

afterEach(async () => {
  document.body.replaceChildren();
  await settle();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe("<tallymark-panel>", () => {
  it("shows each event with name, path, age, short visitor and whether it was stored, newest first", async () => {
    stubCollector({ snapshot: snapshotOf(recentEvent({ id: "e2", event: "signup", stored: false }), recentEvent()) });
    const { all, text } = mount();
    await settle();
    expect(all(".event .chip").map((chip) => chip.textContent)).toEqual(["signup", "page_view"]);
    expect([text(".path"), text(".age"), text(".visitor")]).toEqual(["/pricing", "30 s", "12345678"]);
    expect(all(".kept").map((kept) => kept.textContent)).toEqual(["sampled out", "stored"]);
  });

  it("shows metadata and the rest only on expand", async () => {
    stubCollector({ snapshot: snapshotOf(recentEvent({ metadata: { plan: "pro" } })) });
    const { all, text } = mount();
    await settle();
    expect(all(".facts")).toHaveLength(0);
    const details = all("details")[0] as HTMLDetailsElement;
    details.open = true;
    details.dispatchEvent(new Event("toggle"));
    expect(text(".json")).toBe('{\n  "plan": "pro"\n}');
    expect(text(".facts")).toContain("1234567890-234567890-3456789012-456789012");
  });

  it("shows what visitors sent as text, never as markup", async () => {
    const event = recentEvent({ event: hostile, url: hostile, visitor_id: hostile, metadata: { [hostile]: hostile } });
    stubCollector({ snapshot: snapshotOf(event), health: { ...HEALTHY, file: hostile } });
    const { all, text } = mount();
    await settle();
    all("details")[0]?.dispatchEvent(new Event("toggle"));
    expect(text(".path")).toBe(hostile);
    expect(all("img, script, [onerror], [style]")).toEqual([]);
  });

  it("counts by event, with the estimate where sampling makes it differ", async () => {
    stubCollector({
      snapshot: snapshotOf(recentEvent(), recentEvent({ id: "e2", event: "signup", sample_rate: 0.25 })),
    });
    const { all } = mount();
    await settle();
    expect(all(".count").map((row) => row.textContent)).toEqual(["page_view1", "signup1 ≈ 4"]);
  });

  it("shows the five most frequent names and the others on request", async () => {
    const events = Array.from({ length: 8 }, (_, i) => recentEvent({ id: `e${i}`, event: `event_${i}` }));
    stubCollector({ snapshot: snapshotOf(...events) });
    const { all, text } = mount();
    await settle();
    expect([all(".count").length, text(".more")]).toEqual([5, "Show all 8"]);
    all(".more")[0]?.click();
    expect([all(".count").length, text(".more")]).toEqual([8, "Show fewer"]);
  });

  it("shows how the collector is, and why it is degraded", async () => {
    const { answers } = stubCollector({ health: { ...HEALTHY, ring_size: 1234 } });
    const { text, isShown } = mount();
    await settle();
    expect(text(".health")).toContain("1,234 / 500");
    expect(text(".health")).toContain("metrics-2026-11-20.jsonl");
    expect(isShown(".reason")).toBe(false);
    answers.health = { ...HEALTHY, status: "degraded", reason: "the disk is full" };
    await vi.advanceTimersByTimeAsync(4000);
    expect([text(".status"), text(".reason dd"), isShown(".reason")]).toEqual(["degraded", "the disk is full", true]);
  });

  it("says what to do when there is nothing yet", async () => {
    stubCollector();
    const { text, isShown } = mount();
    await Promise.resolve();
    expect(text(".blank strong")).toBe("Connecting");
    await settle();
    expect(text(".blank strong")).toBe("No events yet");
    expect(isShown(".problem")).toBe(false);
  });

  it("says what went wrong, keeps what it had, and recovers", async () => {
    const { answers } = stubCollector({ snapshot: snapshotOf(recentEvent()) });
    const { all, text, isShown } = mount();
    await settle();
    answers.status = 401;
    await vi.advanceTimersByTimeAsync(1000);
    expect(text(".problem")).toContain("pass the read token");
    expect(all(".event")).toHaveLength(1);
    answers.status = 200;
    await vi.advanceTimersByTimeAsync(2000);
    expect(isShown(".problem")).toBe(false);
  });

  it("keeps rows, and what is expanded in them, through a poll", async () => {
    const { answers } = stubCollector({ snapshot: snapshotOf(recentEvent()) });
    const { all } = mount();
    await settle();
    const [before] = all(".event");
    before?.querySelector("details")?.setAttribute("open", "");
    answers.snapshot = snapshotOf(recentEvent({ id: "e2" }), recentEvent());
    await vi.advanceTimersByTimeAsync(1000);
    const rows = all(".event");
    expect(rows).toHaveLength(2);
    expect(rows[1]).toBe(before);
    expect(before?.querySelector("details")?.hasAttribute("open")).toBe(true);
    expect(rows.map((row) => row.classList.contains("fresh"))).toEqual([true, false]);
  });

  it("narrows the list by every word of the filter, over name, path, visitor and metadata", async () => {
    const signup = recentEvent({ id: "e2", event: "signup", metadata: { plan: "Pro" } });
    stubCollector({ snapshot: snapshotOf(signup, recentEvent()) });
    const { all, text, filter, isShown } = mount();
    await settle();
    expect(isShown(".count")).toBe(true);
    filter("SIGN pro");
    expect(isShown(".count")).toBe(false);
    expect(all(".event .chip").map((chip) => chip.textContent)).toEqual(["signup"]);
    expect(text(".section:last-of-type .heading span")).toBe("1 of 2");
    filter("signup free");
    expect(all(".event")).toHaveLength(0);
    expect(text(".blank strong")).toBe("Nothing matches “signup free”");
    filter("");
    expect(all(".event")).toHaveLength(2);
  });

  it("holds the list still while paused, and counts what it missed", async () => {
    const { answers } = stubCollector({ snapshot: snapshotOf(recentEvent()) });
    const { all, text } = mount();
    await settle();
    const [pause] = all(".button");
    pause?.click();
    expect([text(".status"), pause?.textContent]).toEqual(["paused", "Resume"]);
    answers.snapshot = snapshotOf(recentEvent({ id: "e2" }), recentEvent());
    await vi.advanceTimersByTimeAsync(1000);
    expect([all(".event").length, pause?.textContent]).toEqual([1, "Resume (1 new)"]);
    pause?.click();
    expect([all(".event").length, text(".status"), pause?.textContent]).toEqual([2, "live", "Pause"]);
  });

  it("asks nothing while it is closed", async () => {
    const { fetch } = stubCollector();
    const { panel } = mount({ open: false });
    await vi.advanceTimersByTimeAsync(5000);
    expect(fetch).not.toHaveBeenCalled();
    panel.toggle();
    await settle();
    expect(fetch).toHaveBeenCalled();
  });

  it("opens and closes by the badge, and tells it", async () => {
    stubCollector();
    const badge = document.createElement("tallymark-badge");
    document.body.append(badge);
    const { panel } = mount({ open: false });
    const button = badge.shadowRoot?.querySelector("button");
    button?.click();
    expect(panel.hasAttribute("open")).toBe(true);
    expect(button?.getAttribute("aria-expanded")).toBe("true");
    button?.click();
    expect(panel.hasAttribute("open")).toBe(false);
    expect(button?.getAttribute("aria-expanded")).toBe("false");
  });

  it("closes on Escape and gives the focus back to what opened it", () => {
    stubCollector();
    const opener = document.createElement("button");
    document.body.append(opener);
    const { panel, all } = mount({ open: false });
    opener.focus();
    panel.toggle();
    expect(panel.shadowRoot?.activeElement).toBe(all(".panel")[0]);
    press(all("input")[0], "Escape");
    expect(panel.hasAttribute("open")).toBe(false);
    expect(document.activeElement).toBe(opener);
  });

  it("closes by its button", () => {
    stubCollector();
    const { panel, all } = mount();
    all("[aria-label=Close]")[0]?.click();
    expect(panel.hasAttribute("open")).toBe(false);
  });

  it("keeps what is typed in it from the page's keyboard shortcuts", () => {
    stubCollector();
    const { all } = mount();
    const shortcut = vi.fn();
    document.addEventListener("keydown", shortcut);
    press(all("input")[0], "k");
    document.removeEventListener("keydown", shortcut);
    expect(shortcut).not.toHaveBeenCalled();
  });

  it("tells when it opens and closes, and when it leaves the page open", () => {
    stubCollector();
    const { panel } = mount({ open: false });
    const told: boolean[] = [];
    const listen = (event: CustomEvent<{ open: boolean }>) => void told.push(event.detail.open);
    document.addEventListener("tallymark-panel-state", listen);
    panel.setAttribute("open", "");
    panel.setAttribute("open", "");
    panel.removeAttribute("open");
    panel.setAttribute("open", "");
    panel.remove();
    document.removeEventListener("tallymark-panel-state", listen);
    expect(told).toEqual([true, false, true, false]);
  });

  it("marks itself so that its own clicks are never captured", () => {
    stubCollector();
    expect(mount().panel.hasAttribute("data-tallymark-ignore")).toBe(true);
  });
});
