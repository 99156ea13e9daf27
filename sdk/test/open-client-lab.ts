import { afterEach, beforeEach, expect, onTestFinished, vi } from "vitest";
import { createTallymark } from "../src/core/client.ts";
import type { Tallymark, TallymarkOptions } from "../src/core/options.ts";
import { keepaliveBytesLeft } from "../src/core/post.ts";
import { type Answer, fakeCollector, setVisibility } from "./fake-collector.ts";

/** When every test begins, in ms since 1970: a moment without meaning. */
export const START_MS = 1_800_000_000_000;

/**
 * For the tests of one file: a clean page, a clock that stands still, and clients that are stopped in the end. Checks after
 * each test that the whole keepalive budget is there again.
 */
export function openClientLab() {
  const started: Tallymark[] = [];
  const consoleWarn = vi.spyOn(console, "warn");

  beforeEach(() => {
    vi.useFakeTimers({ now: START_MS });
    consoleWarn.mockReset().mockImplementation(() => {});
    localStorage.clear();
    sessionStorage.clear();
    history.replaceState({}, "", "/shop?token=1");
    document.title = "Shop";
  });

  afterEach(async () => {
    for (const client of started.splice(0)) client.stop();
    await settle();
    setVisibility("visible");
    vi.useRealTimers();
    vi.unstubAllGlobals();
    expect(keepaliveBytesLeft).toBe(65_000);
  });

  return {
    consoleWarn,
    /** Starts a client, and a collector that gives these answers and then 202. */
    begin(options: Partial<TallymarkOptions> = {}, ...answers: Answer[]) {
      const collector = fakeCollector(...answers);
      const client: Tallymark = createTallymark({ endpoint: "https://stats.example", ...options });
      started.push(client);
      return { client, collector };
    },
  };
}

/** Lets promises go as far as they can, without a timer. */
export async function settle(): Promise<void> {
  await vi.advanceTimersByTimeAsync(0);
}

/** Keys in Web storage, of anybody. */
export function storedKeys(): string[] {
  return [...Object.keys(localStorage), ...Object.keys(sessionStorage)];
}

/** Has the browser say something of itself, such as `globalPrivacyControl`, until the end of the test. */
export function stubNavigator(values: { readonly [key: string]: unknown }): void {
  for (const [key, value] of Object.entries(values)) {
    const before = Object.getOwnPropertyDescriptor(navigator, key);
    Object.defineProperty(navigator, key, { configurable: true, value });
    onTestFinished(() => {
      if (before) Object.defineProperty(navigator, key, before);
      else Reflect.deleteProperty(navigator, key);
    });
  }
}

/** Has this browser's visitor fall at this place from 0 to 1, where samples are drawn. */
export function placeVisitor(share: number): void {
  localStorage.setItem("tallymark_id", JSON.stringify([`${Math.floor(share * 2 ** 32)}-1-2-3`, "4-5-6-7", Date.now()]));
}
