import { setTimeout as sleep } from "node:timers/promises";
import type { Browser } from "playwright-core";
import type { SinkServer } from "./sink-server.ts";
import { mean, middleMean } from "./statistics.ts";
import { withFreshPage } from "./with-fresh-page.ts";

/** What one page of 71 custom events in about a second cost. */
export interface Tracking {
  /** Microseconds until `track()` returned. */
  readonly callUs: number;
  /** Microseconds until its promise callbacks were done too; the mean, so that the calls that send count in full. */
  readonly wholeUs: number;
  /** Requests for these events and the page view, until the page was left. */
  readonly requests: number;
}

const EVENTS = 71;
const EVERY_MS = 14;
/** Calls that still compile code, and are not timed. */
const WARM_UP = 11;
const ARRIVAL_LIMIT_MS = 10_000;
/** Time for a request too many to show itself. */
const SETTLE_MS = 200;

/**
 * Tracks with the real network: from a fresh page to the sink server, and then leaves the page.
 * @throws Error where not every event arrived exactly once: then the times mean nothing
 */
export function measureTracking(browser: Browser, sink: SinkServer, bundle: string): Promise<Tracking> {
  return withFreshPage(browser, sink.url, async (page) => {
    sink.takeBodies();
    const timings = await page.evaluate(trackEvents, { bundle, events: EVENTS, everyMs: EVERY_MS });
    await page.goto("about:blank");
    await untilArrived(sink);
    const timed = timings.slice(WARM_UP);
    return {
      callUs: middleMean(timed.map(({ callMs }) => callMs * 1000)),
      wholeUs: mean(timed.map(({ wholeMs }) => wholeMs * 1000)),
      requests: sink.takeBodies().length,
    };
  });
}

async function untilArrived(sink: SinkServer): Promise<void> {
  const giveUpAt = Date.now() + ARRIVAL_LIMIT_MS;
  while (sink.count("bench_click") < EVENTS && Date.now() < giveUpAt) await sleep(20);
  await sleep(SETTLE_MS);
  const arrived = sink.count("bench_click");
  // Each contender has its own word for a page view.
  const views = sink.count('page_view"') + sink.count('pageview"') + sink.count('screen_view"');
  if (arrived !== EVENTS || views !== 1)
    throw new Error(`${arrived} of ${EVENTS} events and ${views} page views arrived.`);
}

interface Load {
  readonly bundle: string;
  readonly events: number;
  readonly everyMs: number;
}

/** Runs in the page. No function in it may have a name: tsx marks those with a helper that the page has not. */
async function trackEvents({ bundle, events, everyMs }: Load): Promise<{ callMs: number; wholeMs: number }[]> {
  const script = document.createElement("script");
  script.textContent = bundle;
  document.head.append(script);
  const timings: { callMs: number; wholeMs: number }[] = [];
  for (let i = 0; i < events; i++) {
    await new Promise((resolve) => setTimeout(resolve, everyMs));
    timings.push(
      await new Promise((resolve) => {
        const { port1, port2 } = new MessageChannel();
        let startedAt = 0;
        let returnedAt = 0;
        port1.onmessage = () => resolve({ callMs: returnedAt - startedAt, wholeMs: performance.now() - startedAt });
        startedAt = performance.now();
        window.benchTrack?.();
        returnedAt = performance.now();
        port2.postMessage("");
      }),
    );
  }
  return timings;
}
