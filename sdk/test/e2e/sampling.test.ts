import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startCollector } from "../../../collector/test/collector-process.ts";
import { readDataFolder } from "../../../collector/test/read-data-folder.ts";
import type { createTallymark } from "../../src/index.ts";
import { launchBrowser } from "./launch-browser.ts";
import { type FolderServer, serveFolder } from "./serve-folder.ts";

const VISITORS = 10_000;
const EVENTS_PER_REQUEST = 200;
const STANDARD_ERRORS = 4;

/** Gives the built module to the test. */
const PAGE = `<!doctype html><script type="module">
  import { createTallymark } from "/index.js";
  window.createTallymark = createTallymark;
</script>`;

declare global {
  interface Window {
    createTallymark: typeof createTallymark;
  }
}

/** The published files, as a bundler would find them. */
const SDK_DIST = fileURLToPath(new URL("../../dist", import.meta.url));

let browser: Browser;
let site: FolderServer;

beforeAll(async () => {
  browser = await launchBrowser();
  site = await serveFolder(SDK_DIST);
});

afterAll(async () => {
  await browser?.close();
  await site?.close();
});

describe.each([
  { client: 1, server: 1 },
  { client: 0.5, server: 1 },
  { client: 1, server: 0.5 },
  { client: 0.5, server: 0.5 },
  { client: 0.25, server: 0.5 },
])(`${VISITORS} visitors at client rate $client and server rate $server`, ({ client, server }) => {
  const rate = client * server;

  it(`put ${rate * VISITORS} events on the disk, and the sum of 1 / rate recovers all of them`, async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "tallymark-sampling-"));
    const collector = await startCollector({
      METRICS_JSONL: join(dataDir, "metrics.jsonl"),
      METRICS_SAMPLE_RATE: String(server),
    });
    try {
      const sent = await eventsOfVisitors(client);
      for (let start = 0; start < sent.length; start += EVENTS_PER_REQUEST) {
        const body = JSON.stringify({ events: sent.slice(start, start + EVENTS_PER_REQUEST) });
        expect((await fetch(`${collector.url}/api/metrics/events`, post(body))).status).toBe(202);
      }
      await collector.stop();

      const stored = readDataFolder(dataDir);
      const estimate = stored.reduce((sum, { sample_rate }) => sum + 1 / sample_rate, 0);
      const standardError = Math.sqrt(VISITORS * rate * (1 - rate));
      expect(Math.abs(stored.length - VISITORS * rate)).toBeLessThanOrEqual(STANDARD_ERRORS * standardError);
      expect(Math.abs(estimate - VISITORS)).toBeLessThanOrEqual((STANDARD_ERRORS * standardError) / rate);
      expect(new Set(stored.map(({ sample_rate }) => sample_rate))).toEqual(new Set([rate]));
    } finally {
      await collector.stop("SIGKILL");
      rmSync(dataDir, { recursive: true, force: true });
    }
  });
});

/** Lets the built SDK meet so many visitors in a real page; what it would have sent is collected, not sent. */
async function eventsOfVisitors(sampleRate: number): Promise<unknown[]> {
  const page = await browser.newPage();
  await page.route("**/page", (route) => route.fulfill({ contentType: "text/html", body: PAGE }));
  await page.goto(`${site.url}/page`);
  const ids = Array.from({ length: VISITORS }, () => crypto.getRandomValues(new Uint32Array(4)).join("-"));
  const bodies = await page.evaluate(
    async ([visitorIds, rate]) => {
      const sent: string[] = [];
      window.fetch = async (_url, init) => {
        sent.push(String(init?.body));
        return new Response('{"ok":true}', { status: 202 });
      };
      for (const id of visitorIds) {
        localStorage.setItem("tallymark_id", JSON.stringify([id]));
        const client = window.createTallymark({ endpoint: "", sampleRate: rate });
        if (client.getVisitorId() !== id) throw new Error("the client did not take up the visitor's id");
        client.track("visit");
        await client.flush();
        client.stop();
      }
      return sent;
    },
    [ids, sampleRate] as const,
  );
  await page.close();
  return bodies.flatMap((body) => JSON.parse(body).events);
}

function post(body: string) {
  return { method: "POST", headers: { "content-type": "text/plain" }, body };
}
