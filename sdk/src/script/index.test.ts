import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { fakeCollector } from "../../test/fake-collector.ts";
import type { Tallymark } from "../core/options.ts";

/** The snippet as stub.ts documents it: what users copy is what is tested. */
const stubSnippet = /<script>(.*?)<\/script>/s
  .exec(readFileSync(`${import.meta.dirname}/stub.ts`, "utf8"))?.[1]
  ?.replaceAll(/^ \* ?/gm, "");

const client = () => window.tallymark as Tallymark;

beforeEach(() => {
  vi.resetModules();
  localStorage.clear();
  history.replaceState({}, "", "/start");
});
afterEach(() => {
  client().stop();
  delete window.tallymark;
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** Runs the script as a tag with these attributes would. */
async function load(attributes: Record<string, string> = {}): Promise<void> {
  const script = document.createElement("script");
  for (const [name, value] of Object.entries(attributes)) script.setAttribute(name, value);
  vi.spyOn(document, "currentScript", "get").mockReturnValue(script);
  vi.resetModules();
  await import("./index.ts");
}

describe("script tag", () => {
  it("counts the page view and puts the client on window.tallymark", async () => {
    const collector = fakeCollector();
    await load({ "data-endpoint": "https://stats.example", "data-site": "shop" });
    client().track("custom");
    await client().flush();
    expect(collector.requests[0]?.url).toBe("https://stats.example/api/metrics/events");
    expect(collector.events().map(({ event, site }) => [event, site])).toEqual([
      ["page_view", "shop"],
      ["custom", "shop"],
    ]);
  });

  it("tracks clicks on links and tagged elements, one event each", async () => {
    const collector = fakeCollector();
    await load();
    document.body.innerHTML =
      '<a href="https://a.example/b">x</a><a href="https://a.example/c" data-tallymark-event="buy">y</a>';
    const stayHere = (event: Event) => event.preventDefault();
    document.addEventListener("click", stayHere);
    for (const link of document.querySelectorAll("a")) link.click();
    document.removeEventListener("click", stayHere);
    await client().flush();
    expect(collector.batches()).toEqual([["page_view", "outbound_click", "buy"]]);
  });

  it("keeps the first page view for the next page, in case this one ends before it is sent", async () => {
    fakeCollector();
    await load();
    await vi.waitFor(() => {
      const kept = Object.entries(localStorage).filter(([key]) => key.startsWith("tallymark_q"));
      expect(kept.map(([, text]) => text.includes("page_view"))).toEqual([true]);
    });
  });

  it("does as the attributes say about consent", async () => {
    const collector = fakeCollector();
    await load({ "data-consent": "pending" });
    await client().flush();
    expect(collector.requests).toEqual([]);
    expect(localStorage.length).toBe(0);
    client().optIn();
    await client().flush();
    expect(collector.batches()).toEqual([["page_view"]]);
  });

  it("does as the attributes say about identity", async () => {
    const collector = fakeCollector();
    await load({ "data-identity": "none" });
    await client().flush();
    expect(collector.events()[0]).not.toHaveProperty("visitor_id");
    expect(localStorage.length).toBe(0);
  });

  it.each([
    [{}, []],
    [{ "data-respect-gpc": "false" }, [["page_view"]]],
  ])("does as %j says about Global Privacy Control", async (attributes, batches) => {
    vi.stubGlobal("navigator", Object.assign(Object.create(navigator), { globalPrivacyControl: true }));
    const collector = fakeCollector();
    await load(attributes as Record<string, string>);
    await client().flush();
    expect(collector.batches()).toEqual(batches);
  });

  it("says nothing on the console, whatever the attributes are", async () => {
    const consoleWarn = vi.spyOn(console, "warn").mockImplementation(() => {});
    vi.stubEnv("NODE_ENV", "production");
    const collector = fakeCollector();
    await load({ "data-endpoint": "stats.example", "data-sample-rate": "a lot", "data-respect-dnt": "?" });
    await client().flush();
    vi.unstubAllEnvs();
    expect(collector.batches()).toEqual([["page_view"]]);
    expect(consoleWarn).not.toHaveBeenCalled();
  });

  it("asks for no extra beacon unless data-beacons says so, and counts on where their loader is not to be had", async () => {
    const loaderFile = vi.fn(() => "no-such-file.js");
    vi.stubGlobal("LOADER_FILE", { toString: loaderFile });
    const collector = fakeCollector();
    await load();
    client().optOut();
    client().optIn();
    expect(loaderFile).not.toHaveBeenCalled();
    client().stop();
    await load({ "data-beacons": "vitals" });
    expect(loaderFile).toHaveBeenCalledTimes(1);
    client().track("custom");
    await client().flush();
    client().optOut();
    expect(collector.batches().at(-1)).toEqual(["page_view", "custom"]);
  });

  it("replays what the documented stub has queued, after the page view, and hands results back", async () => {
    const collector = fakeCollector(() =>
      Response.json({ ok: true, stored: 1, file: "metrics.jsonl" }, { status: 202 }),
    );
    expect(stubSnippet).toContain("window.tallymark");
    // biome-ignore lint/security/noGlobalEval: runs the documented snippet as a browser would.
    globalThis.eval(stubSnippet ?? "");
    const stub = client();
    stub.track("early", { a: 1 });
    const sent = stub.sendEvent({ event: "paid" });
    const flushed = stub.flush();
    stub.optIn();
    await load();
    stub.track("kept");
    expect(await sent).toEqual({ ok: true, stored: 1, file: "metrics.jsonl" });
    await flushed;
    await client().flush();
    expect(collector.requests[0]?.body.event).toBe("paid");
    expect(collector.events().map(({ event }) => event)).toEqual(["page_view", "early", "kept"]);
    expect(collector.events()[1]?.metadata).toEqual({ a: 1 });
  });

  it("wipes what it would send, and erases, where the documented stub was asked to", async () => {
    const collector = fakeCollector();
    // biome-ignore lint/security/noGlobalEval: runs the documented snippet as a browser would.
    globalThis.eval(stubSnippet ?? "");
    const forgotten = client().forget();
    client().optOut();
    await load();
    expect(await forgotten).toBe(true);
    client().track("late");
    await client().flush();
    expect(collector.requests.map(({ url }) => url)).toEqual(["/api/metrics/forget"]);
    expect(localStorage.length).toBe(0);
  });

  it("counts once where the tag is on the page twice", async () => {
    vi.spyOn(console, "warn").mockImplementation(() => {});
    const collector = fakeCollector();
    await load();
    const first = client();
    await load();
    expect(client()).toBe(first);
    await client().flush();
    history.pushState({}, "", "/next");
    await client().flush();
    expect(collector.batches()).toEqual([["page_view"], ["page_view"]]);
  });

  it("is not fooled by an element with the id tallymark", async () => {
    const collector = fakeCollector();
    window.tallymark = document.createElement("div") as unknown as Tallymark;
    await load();
    await client().flush();
    expect(collector.batches()).toEqual([["page_view"]]);
  });
});
