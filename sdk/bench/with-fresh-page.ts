import type { Browser, Page } from "playwright-core";

declare global {
  interface Window {
    /** Tracks one custom event with the contender that was started in this page. */
    benchTrack?: () => void;
  }
}

/**
 * Opens a page in a context that has no storage and no cache of an earlier one, uses it when it has loaded and come to
 * rest, and closes it. At rest, because what the browser still does for a load takes milliseconds, now from one contender
 * and now from another.
 * @throws Error where the page has only the coarse clock
 */
export async function withFreshPage<Result>(
  browser: Browser,
  url: string,
  use: (page: Page) => Promise<Result>,
): Promise<Result> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(url);
    if (!(await page.evaluate(() => crossOriginIsolated))) throw new Error("The page is not cross-origin isolated.");
    await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)));
    return await use(page);
  } finally {
    await context.close();
  }
}
