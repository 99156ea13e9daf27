import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchBrowser } from "./launch-browser.ts";
import { type FolderServer, serveFolder } from "./serve-folder.ts";

let browser: Browser;
let site: FolderServer;

beforeAll(async () => {
  browser = await launchBrowser();
  site = await serveFolder(fileURLToPath(new URL("../../dist", import.meta.url)));
});

afterAll(async () => {
  await browser?.close();
  await site?.close();
});

/** Calls every method; `SITE` stands for where the published files are. */
const WORKER = `
  import { createTallymark } from "SITE/index.js";
  import { autoBeacons } from "SITE/beacons.js";
  import { deferredFlush, offlineQueue } from "SITE/plugins.js";

  let requests = 0;
  globalThis.fetch = async () => { requests++; };
  const beacons = [autoBeacons(), offlineQueue(), deferredFlush()];
  const client = createTallymark({ endpoint: "SITE", beacons });
  client.track("nothing", { a: 1 });
  client.optIn();
  client.optOut();
  const answers = [await client.sendEvent({ event: "nothing" }), await client.getVisitorId(), await client.forget()];
  await client.flush();
  client.stop();
  postMessage({ answers, requests });
`;

it("every method is harmless in a worker, where there is no page to count", async () => {
  const page = await browser.newPage();
  await page.goto(`${site.url}/index.js`);
  const told = await page.evaluate(
    (code) =>
      new Promise((resolve, reject) => {
        const address = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
        const worker = new Worker(address, { type: "module" });
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = ({ message }) => reject(new Error(message));
      }),
    WORKER.replaceAll("SITE", site.url),
  );
  expect(told).toEqual({ answers: [{ ok: false, error: "network" }, "", false], requests: 0 });
  await page.close();
});
