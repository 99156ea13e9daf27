import { afterAll, beforeAll, describe } from "vitest";
import { chromiumEngine } from "./chromium.ts";
import { firefoxEngine } from "./firefox.ts";
import type { EngineFeatures, TestBrowser } from "./test-browser.ts";

const START_TIMEOUT_MS = 60_000;

const engines = [await chromiumEngine(), firefoxEngine()];

/**
 * Describes the same in each engine, with one browser for all its tests. Where the machine does not have the engine its
 * tests are skipped, which the summary says and CI takes for a failure; what the engine does not have at all, `features`
 * says.
 */
export function describeInBrowsers(
  title: string,
  tests: (browser: () => TestBrowser, features: EngineFeatures) => void,
): void {
  for (const { name, executablePath, features, launch } of engines) {
    describe.skipIf(!executablePath)(`${title} in ${name}`, () => {
      let browser: TestBrowser;
      beforeAll(async () => {
        browser = await launch();
      }, START_TIMEOUT_MS);
      afterAll(() => browser?.close());
      tests(() => browser, features);
    });
  }
}
