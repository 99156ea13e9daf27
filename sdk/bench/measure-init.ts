import type { Browser } from "playwright-core";
import { withFreshPage } from "./with-fresh-page.ts";

/**
 * Milliseconds of main thread to compile and run a bundle, set it up and make its first page view, promise callbacks
 * included. The network is stubbed: what the browser does with a request is measured elsewhere.
 */
export function measureInit(browser: Browser, url: string, bundle: string): Promise<number> {
  return withFreshPage(browser, url, async (page) => {
    const ms = await page.evaluate(startBundle, bundle);
    if (!(await page.evaluate(() => "benchTrack" in window))) throw new Error("A contender did not start.");
    return ms;
  });
}

/** Runs in the page. No function in it may have a name: tsx marks those with a helper that the page has not. */
function startBundle(bundle: string): Promise<number> {
  return new Promise((resolve) => {
    const page: { fetch: unknown; fetchLater: unknown } = Object(window);
    page.fetch = () => new Promise(() => {});
    page.fetchLater = () => ({ activated: false });
    navigator.sendBeacon = () => true;

    const script = document.createElement("script");
    script.textContent = bundle;
    const { port1, port2 } = new MessageChannel();
    let startedAt = 0;
    port1.onmessage = () => resolve(performance.now() - startedAt);
    startedAt = performance.now();
    // Delivered as the next task, so after the promise callbacks of this one.
    port2.postMessage("");
    document.head.append(script);
  });
}
