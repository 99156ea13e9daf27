import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StoredEvent } from "@tallymark/sdk/protocol";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { type CollectorProcess, startCollector } from "../../../collector/test/collector-process.ts";
import { readDataFolder } from "../../../collector/test/read-data-folder.ts";
import { poll } from "./browsers/poll.ts";
import type { Profile, Tab, TestBrowser } from "./browsers/test-browser.ts";
import { buildFixtures } from "./build-fixtures.ts";
import { type FaultyProxy, startFaultyProxy } from "./faulty-proxy.ts";
import type {} from "./fixtures/client.ts";
import { type PageSettings, toQuery } from "./fixtures/page-settings.ts";
import { type FolderServer, serveFolder } from "./serve-folder.ts";

const START_TIMEOUT_MS = 60_000;

/** Time for an event that comes late, or twice, to show itself. */
const SETTLE_MS = 300;

/** The pages' clock is this many times faster, unless a test says otherwise: the 5 s before a batch leaves are half a one. */
export const SPEED = 10;

/** One visitor, one site, one faulty way to the collector. */
export interface Trial {
  /** The `site` of its events. */
  readonly name: string;
  readonly profile: Profile;
  readonly proxy: FaultyProxy;
  /** Address of the fixture page. */
  address(settings?: TrialSettings): string;
  /** Opens the fixture page in a new tab. */
  open(settings?: TrialSettings): Promise<Tab>;
  /** What the collector has on its disk of this trial. */
  stored(): Promise<StoredEvent[]>;
  /**
   * Waits until every event that was made is on the disk, or reported as lost, and checks that each is there once and
   * nothing else is.
   * @param made names of the events, in any order
   * @returns the stored ones, in the order of the files
   */
  conserves(made: readonly string[], timeoutMs?: number): Promise<StoredEvent[]>;
}

export type TrialSettings = Partial<Omit<PageSettings, "options">> & {
  readonly options?: Partial<PageSettings["options"]>;
};

export interface FaultLab {
  /** The collector itself, without faults. */
  readonly collector: () => CollectorProcess;
  /** What serves the pages. */
  readonly site: () => FolderServer;
  /** Adds a file to the site. */
  writeFile(name: string, text: string): void;
  /** Begins a trial, which ends with the test. */
  begin(browser: TestBrowser): Promise<Trial>;
}

/** The real collector and the fixture pages, for all tests of a file. */
export function openFaultLab(): FaultLab {
  let folder: string;
  let collector: CollectorProcess;
  let site: FolderServer;
  let trials = 0;
  const ends: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "tallymark-faults-"));
    [collector] = await Promise.all([
      startCollector({ METRICS_JSONL: join(folder, "data/metrics.jsonl") }),
      buildFixtures(join(folder, "site")),
    ]);
    site = await serveFolder(join(folder, "site"));
  }, START_TIMEOUT_MS);

  afterEach(async () => {
    const ended = await Promise.allSettled(ends.splice(0).map((end) => end()));
    for (const { reason } of ended as readonly { reason?: unknown }[]) if (reason) throw reason;
  });

  afterAll(async () => {
    await site?.close();
    await collector?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  return {
    collector: () => collector,
    site: () => site,
    writeFile: (name, text) => writeFileSync(join(folder, "site", name), text),
    async begin(browser) {
      const name = `trial-${++trials}`;
      const since = Date.now();
      const proxy = await startFaultyProxy(collector.url);
      const profile = await browser.newProfile();
      ends.push(async () => {
        await proxy.shut();
        const complaints = await profile.complaints();
        await profile.close();
        expect(complaints).toEqual([]);
      });

      // A read in the middle of a write may see half a line: then it is read again.
      const stored: Trial["stored"] = () =>
        poll("whole lines", () => readDataFolder(join(folder, "data")).filter((event) => event.site === name));

      const address: Trial["address"] = ({ options, ...rest } = {}) =>
        `${site.url}/client.html${toQuery({
          options: { endpoint: proxy.url, site: name, ...options },
          plugins: [],
          pageViews: true,
          quirks: [],
          speed: SPEED,
          since,
          startAt: 0,
          early: 0,
          ...rest,
        })}`;

      return {
        name,
        profile,
        proxy,
        address,
        open: (settings) => profile.open(address(settings)),
        stored,
        async conserves(made, timeoutMs = 10_000) {
          const lost = () => Object.values(proxy.lost()).reduce((sum, count) => sum + count, 0);
          const count = async () => (await stored()).length + lost();
          await poll("all events", async () => (await count()) >= made.length, timeoutMs).catch(() => {});
          await untilQuiet(count);

          const events = await stored();
          const missing = [...made];
          const unexpected = events.filter(({ event }) => {
            const index = missing.indexOf(event);
            if (index >= 0) missing.splice(index, 1);
            return index < 0;
          });
          const story = () => events.map(({ event, id, url, ts }) => [event, id, url, ts].join(" ")).join("\n");
          expect(
            unexpected.map(({ event }) => event),
            story(),
          ).toEqual([]);
          expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
          expect(missing.length, `missing: ${missing}, reported: ${JSON.stringify(proxy.lost())}`).toBe(lost());
          return events;
        },
      };
    },
  };
}

/** Waits until the count has not changed for a while. */
async function untilQuiet(count: () => Promise<number>): Promise<void> {
  for (let before = -1, now = await count(); before !== now; now = await count()) {
    before = now;
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  }
}
