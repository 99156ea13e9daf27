import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { StoredEvent } from "@tallymark/sdk/protocol";
import type { Browser, Page } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CollectorProcess, startCollector } from "../../../collector/test/collector-process.ts";
import { readDataFolder } from "../../../collector/test/read-data-folder.ts";
import { launchBrowser } from "./launch-browser.ts";
import { type FolderServer, serveFolder } from "./serve-folder.ts";

const EXAMPLES = fileURLToPath(new URL("../../../examples", import.meta.url));
const PAGES = ["script-tag", "npm", "react"] as const;

/** 128 random bits, as four decimal numbers. */
const RANDOM_ID = /^\d+(-\d+){3}$/;

/** Time for a late or doubled event to show itself. */
const SETTLE_MS = 700;

let folder: string;
let collector: CollectorProcess;
let site: FolderServer;
let browser: Browser;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "tallymark-journey-"));
  collector = await startCollector({ METRICS_JSONL: join(folder, "data/metrics.jsonl") });
  process.env.VITE_API_BASE_URL = collector.url;
  // Vite asks this before its own mode, and vitest says "test": the pages would be built with the files for development.
  process.env.NODE_ENV = "production";
  await build({ root: EXAMPLES, logLevel: "error", build: { outDir: join(folder, "site"), emptyOutDir: true } });
  site = await serveFolder(join(folder, "site"));
  browser = await launchBrowser();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await site?.close();
  await collector?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe.each(PAGES)("the %s page", (name) => {
  it("stores a visit's events exactly once each, in order, under one visitor", async () => {
    const before = stored().length;
    const page = await openPage(`/${name}/`);
    for (const step of ["nav-1", "nav-2", "nav-3", "event-1", "event-2"]) await page.getByTestId(step).click();
    await closeTab(page);
    await expect.poll(() => stored().length - before, { timeout: 10_000 }).toBeGreaterThanOrEqual(6);
    await untilQuiet();

    // These come with `autoBeacons`, and are not what the visitor does.
    const events = stored()
      .slice(before)
      .filter(({ event }) => !["engagement", "scroll_depth"].includes(event));
    expect(events.map(({ event }) => event)).toEqual([
      "page_view",
      "page_view",
      "page_view",
      "page_view",
      "signup",
      "add_to_cart",
    ]);
    expect(events[4]?.metadata).toEqual({ plan: "pro" });
    expect(events[5]?.metadata).toEqual({ sku: "TM-1", quantity: 2 });
    expect(new Set(events.slice(0, 4).map(({ url }) => url)).size).toBe(4);
    expect(events.every(({ url }) => url?.startsWith(`/${name}/`))).toBe(true);
    expect(new Set(events.map(({ visitor_id }) => visitor_id)).size).toBe(1);
    expect(new Set(events.map(({ session_id }) => session_id)).size).toBe(1);
    for (const { id, visitor_id, session_id } of events) {
      for (const random of [id, visitor_id, session_id]) expect(random).toMatch(RANDOM_ID);
    }
    expect(new Set(events.map(({ id }) => id)).size).toBe(6);
    expect(await (await fetch(`${collector.url}/metrics`)).text()).toMatch(
      /events_rejected_total\{reason="schema"\} 0\n/,
    );
    expect(events.map(({ ts }) => ts)).toEqual(events.map(({ ts }) => ts).sort((a, b) => a - b));
  });

  it("shows badge and panel with what happens within two seconds in developer mode", async () => {
    const page = await openPage(`/${name}/?dev=1`);
    const badge = page.locator("tallymark-badge");
    const panel = page.locator("tallymark-panel");
    await badge.waitFor({ timeout: 2000 });
    if (!(await panel.getAttribute("open"))) await badge.getByRole("button").click();

    await page.getByTestId("event-2").click();
    await panel.getByText("add_to_cart").first().waitFor({ timeout: 2000 });
    await panel.getByText("dev_mode_enabled").first().waitFor({ timeout: 2000 });
    expect(await badge.getByRole("button").textContent()).toMatch(/\d/);
    await closeTab(page);
  });

  it("has neither of them in the page without developer mode", async () => {
    const page = await openPage(`/${name}/`);
    await page.getByTestId("event-1").click();
    await page.waitForTimeout(SETTLE_MS);
    expect(await page.locator("tallymark-badge, tallymark-panel").count()).toBe(0);
    await closeTab(page);
  });
});

describe("the demo shop, whose beacons are installed by a hook,", () => {
  it("counts nobody who asks for that, not after a reload either, and the page once when they change their mind", async () => {
    const before = stored().length;
    const page = await openPage("/demo/counter");
    await page.getByRole("button", { name: "Count me out" }).click();
    await page.reload();
    await page.getByRole("button", { name: "Count me", exact: true }).waitFor();
    await untilQuiet();
    expect(stored().slice(before)).toEqual([]);
    expect(await page.evaluate(() => Object.keys(localStorage))).toEqual(["saltmarsh_counting"]);

    await page.getByRole("button", { name: "Count me", exact: true }).click();
    await page.getByRole("button", { name: "Count me out" }).waitFor();
    await closeTab(page);
    expect(
      stored()
        .slice(before)
        // They may be gone before that is worth a word.
        .filter(({ event }) => event !== "engagement")
        .map(({ event, url }) => [event, url]),
    ).toEqual([
      ["page_view", "/demo/counter"],
      ["scroll_depth", "/demo/counter"],
    ]);
  });
});

/** A page of a browser that has never been here, and that fails the test with any error the page reports. */
async function openPage(path: string): Promise<Page> {
  const context = await browser.newContext();
  const page = await context.newPage();
  page.on("pageerror", (error) => expect.fail(`the page reports: ${error.message}`));
  await page.goto(site.url + path);
  return page;
}

function stored(): StoredEvent[] {
  return readDataFolder(join(folder, "data"));
}

/** As a visitor does: the page gets its last events out by itself. */
async function closeTab(page: Page): Promise<void> {
  await page.close({ runBeforeUnload: true });
  await untilQuiet();
}

/** Waits until nothing more arrives. */
async function untilQuiet(): Promise<void> {
  for (let count = -1; count !== stored().length; ) {
    count = stored().length;
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  }
}
