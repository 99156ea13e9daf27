/**
 * `npx pnpm bench`: the SDK beside two peers in one Chromium run, each figure against its limit. Exits with 1 where one is
 * missed. `--record` also writes the result to `RESULTS.md`.
 */
import { launchBrowser } from "../test/e2e/launch-browser.ts";
import { buildContender } from "./build-contender.ts";
import { CONTENDERS, type Contender, VERSIONS } from "./contenders.ts";
import { isReached, toFigures } from "./figures.ts";
import { inRounds } from "./in-rounds.ts";
import { measureInit } from "./measure-init.ts";
import { measureTracking } from "./measure-tracking.ts";
import { recordReport } from "./record-report.ts";
import { formatReport, type Report } from "./report.ts";
import { startSinkServer } from "./sink-server.ts";

/** So many that the ratios of two runs in a row differ by less than a tenth, in three to four minutes. */
const ROUNDS = { init: 60, tracking: 31 };

const report = await run();
process.stdout.write(`${formatReport(report)}\n`);
if (process.argv.includes("--record")) await recordReport(report);
process.exitCode = report.figures.every(isReached) ? 0 : 1;

async function run(): Promise<Report> {
  const bundles = new Map<Contender, string>();
  for (const contender of CONTENDERS) bundles.set(contender, await buildContender(contender));
  const bundleOf = (contender: Contender): string => bundles.get(contender) ?? "";
  const sink = await startSinkServer();
  const browser = await launchBrowser();
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
    await browser.close();
    await sink.close();
  }
}
