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

  it("tracks link clicks", async () => {
    const collector = fakeCollector();
    await load();
    document.body.innerHTML = '<a href="https://a.example/b">x</a>';
    document.addEventListener("click", (event) => event.preventDefault(), { once: true });
    document.querySelector("a")?.click();
    await client().flush();
    expect(collector.batches()).toEqual([["page_view", "outbound_click"]]);
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
    await load();
    stub.track("kept");
    expect(await sent).toEqual({ ok: true, stored: 1, file: "metrics.jsonl" });
    await flushed;
    await client().flush();
    expect(collector.requests[0]?.body.event).toBe("paid");
    expect(collector.events().map(({ event }) => event)).toEqual(["page_view", "early", "kept"]);
    expect(collector.events()[1]?.metadata).toEqual({ a: 1 });
  });

  it("counts once where the tag is on the page twice", async () => {
    const collector = fakeCollector();
    await load();
    const first = client();
    await load();
    expect(client()).toBe(first);
    history.pushState({}, "", "/next");
    await client().flush();
    expect(collector.batches()).toEqual([["page_view", "page_view"]]);
  });

  it("is not fooled by an element with the id tallymark", async () => {
    const collector = fakeCollector();
    window.tallymark = document.createElement("div") as unknown as Tallymark;
    await load();
    await client().flush();
    expect(collector.batches()).toEqual([["page_view"]]);
  });
});
