import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Tallymark } from "@tallymark/sdk";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type CollectorProcess, freePort, startCollector } from "../../../collector/test/collector-process.ts";
import { readDataFolder } from "../../../collector/test/read-data-folder.ts";
import { launchBrowser } from "./launch-browser.ts";

let folder: string;
let collector: CollectorProcess;
let site: Server;
let port: number;
let browser: Browser;
/** What the site answers to the next page load. */
let html = "";

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "tallymark-hostile-"));
  port = await freePort();
  site = createServer((_, response) => response.setHeader("content-type", "text/html").end(html)).listen(
    port,
    "127.0.0.1",
  );
  collector = await startCollector({ METRICS_JSONL: join(folder, "metrics.jsonl") });
  browser = await launchBrowser();
}, 60_000);

afterAll(async () => {
  await browser?.close();
  site?.close();
  await collector?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const stored = () => readDataFolder(folder);
const script = (name: string) => `${collector.url}/${name}.js`;

async function open(body: string, query = ""): Promise<{ readonly page: Page; readonly errors: string[] }> {
  html = `<!doctype html><body>${body}`;
  const page = await (await browser.newContext()).newPage();
  const errors: string[] = [];
  page.on("pageerror", ({ message }) => errors.push(message));
  await page.goto(`http://127.0.0.1:${port}/${query}`);
  return { page, errors };
}

it("sends more than one keepalive request may hold, each event once, in order, with no request refused", async () => {
  const before = stored().length;
  const { page } = await open(`<script src="${script("tallymark")}"></script>`);
  const failed: string[] = [];
  page.on("requestfailed", (request) => failed.push(request.url()));
  await page.evaluate(async () => {
    const client = window.tallymark as Tallymark;
    // 6 KB each: of one text no more than 2,000 characters are sent.
    const text = "x".repeat(2000);
    for (let i = 0; i < 40; i++) client.track(`large_${i}`, { a: text, b: text, c: text });
    await client.flush();
  });
  await expect.poll(() => stored().length - before, { timeout: 10_000 }).toBe(41);
  expect(failed).toEqual([]);
  expect(
    stored()
      .slice(before + 1)
      .map(({ event }) => event),
  ).toEqual(Array.from({ length: 40 }, (_, i) => `large_${i}`));
});

it.each([
  ["the script is a module", () => `<script type="module" src="${script("tallymark")}" data-site="shop"></script>`],
  [
    "forms take the document's names",
    () => `<form name="referrer"></form><form name="title"></form><form name="URL"></form>${tag()}`,
  ],
  ["an element is called tallymark, with developer tools", () => `<i id="tallymark"></i>${dev()}${tag()}`],
])("counts the view without an error where %s", async (_, body) => {
  const before = stored().length;
  const { page, errors } = await open(body(), "?dev=1");
  await page.waitForFunction(() => "flush" in (window.tallymark ?? {}));
  await page.evaluate(() => (window.tallymark as Tallymark).flush());
  expect(
    stored()
      .slice(before)
      .filter(({ event }) => event === "page_view"),
  ).toHaveLength(1);
  expect(errors).toEqual([]);
});

const tag = () => `<script defer src="${script("tallymark")}"></script>`;
const dev = () => `<script defer src="${script("tallymark-dev")}"></script>`;
