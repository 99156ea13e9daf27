import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StoredEvent } from "@tallymark/sdk/protocol";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { type CollectorProcess, startCollector } from "../../../collector/test/collector-process.ts";
import { readDataFolder } from "../../../collector/test/read-data-folder.ts";
import { poll } from "./browsers/poll.ts";
import type { ClickOptions, Point, Profile, Tab, TestBrowser } from "./browsers/test-browser.ts";
import { buildFixtures } from "./build-fixtures.ts";
import type {} from "./fixtures/beacons/start.ts";
import { type FolderServer, serveFolder } from "./serve-folder.ts";

const START_TIMEOUT_MS = 60_000;

/** Time for an event that must not come to show itself. */
const QUIET_MS = 300;

/** A visitor on one fixture page, with a site of their own. */
export interface Visit {
  readonly profile: Profile;
  readonly tab: Tab;
  /** The `site` of its events. */
  readonly site: string;
  /** Address of this or another fixture page, for the same site. */
  address(page?: string): string;
  /**
   * Has the page send what waits, waits for so many events on the collector's disk, and a little longer for more that must
   * not come.
   * @returns all there are, in the order of the file
   */
  events(atLeast: number): Promise<StoredEvent[]>;
  /** Goes to a page without SDK. */
  leave(): Promise<void>;
  /** Clicks in the middle of an element. `host >>> inner` reaches into open shadow roots. */
  click(selector: string, options?: ClickOptions): Promise<void>;
  /** Where the middle of an element is; it is scrolled into view where it is not. */
  middleOf(selector: string): Promise<Point>;
}

export interface BeaconLab {
  /** Where the fixture pages are. */
  readonly origin: () => string;
  /** The same pages from another host. */
  readonly otherOrigin: () => string;
  readonly collector: () => CollectorProcess;
  /** Opens `fixtures/beacons/<page>.html`. The visit ends with the test, and with it whatever its console said in red. */
  visit(browser: TestBrowser, page: string, options?: VisitOptions): Promise<Visit>;
}

export interface VisitOptions {
  /** What the page may complain about (default: nothing). */
  readonly expectedComplaints?: RegExp;
}

/**
 * The real collector and these fixture pages, for all tests of a file.
 * @param pages names of files in `fixtures/beacons`, without `.html`
 */
export function openBeaconLab(...pages: readonly string[]): BeaconLab {
  let folder: string;
  let collector: CollectorProcess;
  let site: FolderServer;
  let other: FolderServer;
  let visits = 0;
  const ends: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "tallymark-beacons-"));
    const out = join(folder, "site");
    [collector] = await Promise.all([
      startCollector({ METRICS_JSONL: join(folder, "data/metrics.jsonl") }),
      buildFixtures(out, ["beacons/left.html", ...pages.map((page) => `beacons/${page}.html`)]),
    ]);
    [site, other] = await Promise.all([serveFolder(out), serveFolder(out)]);
  }, START_TIMEOUT_MS);

  afterEach(async () => {
    const ended = await Promise.allSettled(ends.splice(0).map((end) => end()));
    for (const { reason } of ended as readonly { reason?: unknown }[]) if (reason) throw reason;
  });

  afterAll(async () => {
    await Promise.all([site?.close(), other?.close()]);
    await collector?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  return {
    origin: () => site.url,
    otherOrigin: () => other.url,
    collector: () => collector,
    async visit(browser, page, { expectedComplaints } = {}) {
      const name = `visit-${++visits}`;
      const profile = await browser.newProfile();
      ends.push(async () => {
        const complaints = await profile.complaints();
        await profile.close();
        expect(complaints.filter((text) => !expectedComplaints?.test(text))).toEqual([]);
      });

      const address = (other = page) =>
        `${site.url}/beacons/${other}.html?${new URLSearchParams({ endpoint: collector.url, site: name })}`;

      // A read in the middle of a write may see half a line: then it is read again.
      const stored = () =>
        poll("whole lines", () => readDataFolder(join(folder, "data")).filter((event) => event.site === name));

      const tab = await profile.open(address());

      const middleOf: Visit["middleOf"] = (selector) =>
        tab.evaluate((path) => {
          const find = (from: Document | Element, part: string) =>
            ((from as Element).shadowRoot ?? from).querySelector(part) as Element;
          const element = path.split(" >>> ").reduce<Document | Element>(find, document) as Element;
          element.scrollIntoView({ block: "nearest" });
          const { left, top, width, height } = element.getBoundingClientRect();
          return { x: left + width / 2, y: top + height / 2 };
        }, selector);

      return {
        profile,
        tab,
        site: name,
        address,
        middleOf,
        async events(atLeast) {
          // Not where the page has no SDK, or is just being replaced.
          await tab.evaluate(() => window.client?.flush()).catch(() => {});
          await poll(`${atLeast} events`, async () => (await stored()).length >= atLeast);
          await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
          return stored();
        },
        leave: () => tab.goto(`${site.url}/beacons/left.html`),
        click: async (selector, options) => tab.click(await middleOf(selector), options),
      };
    },
  };
}
