import { setTimeout as sleep } from "node:timers/promises";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import type { TraceEvent } from "./trace-event.ts";

declare global {
  interface Window {
    /** Whether the busy page goes on changing by itself. */
    benchIsBusy?: boolean;
    /** Has the SDK send what waits. */
    benchFlush?: () => Promise<void>;
  }
}

export type Screen = "desktop" | "mobile";

/** `mobile` has a viewport of its own, for which `innerWidth` and others lay out the page. */
const OPTIONS: { readonly [screen in Screen]: BrowserContextOptions } = {
  desktop: { viewport: { width: 1280, height: 800 } },
  mobile: { viewport: { width: 412, height: 800 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 },
};

export const SCREENS = ["desktop", "mobile"] as const satisfies readonly Screen[];

const CATEGORIES = [
  "devtools.timeline",
  "disabled-by-default-devtools.timeline",
  // Which line of whose script was about to do it.
  "disabled-by-default-devtools.timeline.stack",
  "v8.execute",
];

const IDLE_MS = 10_000;

/** Time for what goes on for a while after a click. */
const SETTLE_MS = 4000;

/** Time for what comes after an input. */
const PAUSE_MS = 150;

/** The trace of a busy page: from its load, through real input, until it is left. */
export function traceBusyPage(browser: Browser, url: string, screen: Screen): Promise<TraceEvent[]> {
  return withPage(browser, screen, async (page) => {
    await start(browser);
    await page.goto(url);
    await useBusyPage(page);
    await page.goto(new URL("/left", url).href);
    return stop(browser);
  });
}

/** The trace of ten seconds in which the visitor does nothing, after having done all that `traceBusyPage` does. */
export function traceIdlePage(browser: Browser, url: string, screen: Screen): Promise<TraceEvent[]> {
  return withPage(browser, screen, async (page) => {
    await page.goto(url);
    await useBusyPage(page);
    await page.evaluate(() => {
      window.benchIsBusy = false;
    });
    // A click is watched for a while, and what waits is sent once: neither is polling.
    await sleep(SETTLE_MS);
    await page.evaluate(() => window.benchFlush?.());
    await sleep(PAUSE_MS);
    await start(browser);
    await sleep(IDLE_MS);
    return stop(browser);
  });
}

/**
 * Clicks, scrolls, types, submits, navigates inside the page, and has it fail. By the mouse and the keyboard alone: what
 * the driver runs in the page would be in the trace too.
 */
async function useBusyPage({ mouse, keyboard }: Page): Promise<void> {
  const pause = () => sleep(PAUSE_MS);
  const click = async (control: (typeof CONTROLS)[number]) => {
    await mouse.move(50, 20 + 40 * CONTROLS.indexOf(control));
    await mouse.down();
    await mouse.up();
    await pause();
  };
  await pause();
  for (const control of ["nothing", "tagged", "outbound", "route", "fail", "download", "submit", "route"] as const) {
    await click(control);
    for (let step = 0; step < 6; step++) await mouse.wheel(0, 150);
  }
  await click("field");
  await keyboard.type("secret");
  await keyboard.press("Enter");
  await click("back");
  // A visitor in rage.
  for (let time = 0; time < 5; time++) await click("nothing");
}

/** As `apps/busy-page.ts` has them, from above. */
const CONTROLS = ["nothing", "tagged", "outbound", "download", "route", "back", "fail", "submit", "field"] as const;

async function withPage<Result>(
  browser: Browser,
  screen: Screen,
  use: (page: Page) => Promise<Result>,
): Promise<Result> {
  const context = await browser.newContext(OPTIONS[screen]);
  try {
    return await use(await context.newPage());
  } finally {
    await context.close();
  }
}

function start(browser: Browser): Promise<void> {
  return browser.startTracing(undefined, { categories: CATEGORIES });
}

async function stop(browser: Browser): Promise<TraceEvent[]> {
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  return traceEvents;
}
