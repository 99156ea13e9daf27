/**
 * `npx pnpm bench`: the SDK beside two peers, and its beacons on a busy page, in one Chromium run, each figure against its
 * limit. Exits with 1 where one is missed. `peers` or `trace` runs one of the two. `--record` also writes the result to
 * `RESULTS.md`.
 */
import type { Browser } from "playwright-core";
import { launchBrowser } from "../test/e2e/launch-browser.ts";
import { buildApp } from "./build-app.ts";
import { CONTENDERS, type Contender, VERSIONS } from "./contenders.ts";
import { isReached, toFigures } from "./figures.ts";
import { inRounds } from "./in-rounds.ts";
import { measureInit } from "./measure-init.ts";
import { measureTracking } from "./measure-tracking.ts";
import { recordReport } from "./record-report.ts";
import { formatReport, type Report } from "./report.ts";
import { startSinkServer } from "./sink-server.ts";
import { runTrace } from "./trace.ts";
import { formatTraceReport, isKept } from "./trace-report.ts";

/** So many that the ratios of two runs in a row differ by less than a tenth, in three to four minutes. */
const ROUNDS = { init: 60, tracking: 31 };

const asked = process.argv.slice(2);
const isAsked = (part: string) => asked.includes(part) || !asked.some((word) => /^\w/.test(word));

const browser = await launchBrowser();
try {
  if (isAsked("peers")) {
    const report = await runPeers(browser);
    await tell("Beside two peers", formatReport(report), report, report.figures.every(isReached));
  }
  if (isAsked("trace")) {
    const report = await runTrace(browser);
    await tell("Beacons on a busy page", formatTraceReport(report), report, report.figures.every(isKept));
  }
} finally {
  await browser.close();
}

async function tell(heading: string, text: string, report: object, isGood: boolean): Promise<void> {
  process.stdout.write(`${heading}\n\n${text}\n\n`);
  if (asked.includes("--record")) await recordReport(heading, text, report);
  if (!isGood) process.exitCode = 1;
}

async function runPeers(browser: Browser): Promise<Report> {
  const bundles = new Map<Contender, string>();
  for (const contender of CONTENDERS) bundles.set(contender, await buildApp(contender));
  const bundleOf = (contender: Contender): string => bundles.get(contender) ?? "";
  const sink = await startSinkServer();
  try {
    const initMs = await inRounds(ROUNDS.init, (contender) => measureInit(browser, sink.url, bundleOf(contender)));
    const tracking = await inRounds(ROUNDS.tracking, (contender) =>
      measureTracking(browser, sink, bundleOf(contender)),
    );
    return {
      date: new Date().toISOString().slice(0, 10),
      browser: `Chromium ${browser.version()}`,
      node: process.versions.node,
      rounds: ROUNDS,
      versions: VERSIONS,
      figures: toFigures(initMs, tracking),
    };
  } finally {
    await sink.close();
  }
}
