import type { Browser } from "playwright-core";
import type { Findings } from "./read-trace.ts";
import { SCREENS, type Screen, traceBusyPage, traceIdlePage } from "./record-trace.ts";
import { type Subject, serveBusyPage } from "./serve-busy-page.ts";
import { median } from "./statistics.ts";
import type { TraceFigure, TraceReport } from "./trace-report.ts";

const ROUNDS = 5;

/** The most that a beacon may have of a task. */
const MAX_TASK_MS = 1;

type Seen = "beacons" | "nothing";

/** What was found on a screen, with beacons and without, round by round. */
type Rounds = { readonly [screen in Screen]: { readonly [subject in Seen]: Findings[] } };

/**
 * What the beacons cost a page that is busy, from traces of Chromium: each round with them and without.
 * @throws Error where the traces do not find what is forbidden in a script that does it: then they prove nothing
 */
export async function runTrace(browser: Browser): Promise<TraceReport> {
  const site = await serveBusyPage();
  const use = async (subject: Subject, screen: Screen): Promise<Findings> =>
    site.read(subject, await traceBusyPage(browser, `${site.url}/?${subject}`, screen));
  const leave = async (subject: Subject, screen: Screen): Promise<Findings> =>
    site.read(subject, await traceIdlePage(browser, `${site.url}/?${subject}`, screen));
  try {
    proveSight(await use("faulty", "desktop"), await leave("faulty", "desktop"));
    const rounds: Rounds = { desktop: { beacons: [], nothing: [] }, mobile: { beacons: [], nothing: [] } };
    for (let round = 0; round < ROUNDS; round++) {
      for (const screen of SCREENS) {
        for (const subject of ["beacons", "nothing"] as const) rounds[screen][subject].push(await use(subject, screen));
      }
    }
    const idle: Record<Screen, Findings> = {
      desktop: await leave("beacons", "desktop"),
      mobile: await leave("beacons", "mobile"),
    };
    return {
      date: new Date().toISOString().slice(0, 10),
      browser: `Chromium ${browser.version()}`,
      rounds: ROUNDS,
      figures: toFigures(rounds, idle),
      offenders: toOffenders(rounds),
    };
  } finally {
    await site.close();
  }
}

function proveSight({ mostMs, layouts }: Findings, { calls }: Findings): void {
  if (mostMs.beacon <= MAX_TASK_MS || layouts.length === 0 || calls === 0)
    throw new Error(`The faulty script was not caught: ${JSON.stringify({ mostMs, layouts, calls })}`);
}

function toFigures(rounds: Rounds, idle: Readonly<Record<Screen, Findings>>): TraceFigure[] {
  const time = (name: string, read: (found: Findings) => number, limit?: number, subject: Seen = "beacons") => {
    const [desktop = [], mobile = []] = SCREENS.map((screen) => rounds[screen][subject].map(read));
    const most = Math.max(...desktop, ...mobile);
    return { name, unit: "ms", desktop: median(desktop), mobile: median(mobile), most, limit };
  };
  const count = (name: string, read: (screen: Screen) => number) => {
    const [desktop, mobile] = [read("desktop"), read("mobile")];
    return { name, unit: "", desktop, mobile, most: Math.max(desktop, mobile), limit: 0 };
  };
  const layoutsOn = (screen: Screen) => Math.max(...rounds[screen].beacons.map(({ layouts }) => layouts.length));
  return [
    time("the most that one beacon has of a task", ({ mostMs }) => mostMs.beacon, MAX_TASK_MS),
    time("the most that the web-vitals library has of a task", ({ mostMs }) => mostMs.library, MAX_TASK_MS),
    count("layouts that we force", layoutsOn),
    count("calls of ours in 10 s without input", (screen) => idle[screen].calls),
    time("the most that all beacons together have of a task", ({ mostMs }) => mostMs.beacons),
    time("the most that the client has of a task, to send", ({ mostMs }) => mostMs.client),
    time("start of the client with all beacons", ({ startMs }) => startMs),
    time("longest task of the page with beacons", ({ taskMs }) => taskMs),
    time("longest task of the page without", ({ taskMs }) => taskMs, undefined, "nothing"),
  ];
}

/** Where to look first: which functions take long, by their longest call in the median round, and what forces layout. */
function toOffenders(rounds: Rounds): string[] {
  return SCREENS.flatMap((screen) => {
    const found = rounds[screen].beacons;
    const names = [...new Set(found.flatMap(({ longest }) => [...longest.keys()]))];
    const slow = names
      .map((name) => ({ name, ms: median(found.map(({ longest }) => longest.get(name) ?? 0)) }))
      .filter(({ ms }) => ms > MAX_TASK_MS / 4)
      .sort((one, other) => other.ms - one.ms);
    return [
      ...slow.map(({ name, ms }) => `${screen}: ${ms.toFixed(2)} ms in ${name}`),
      ...[...new Set(found.flatMap(({ layouts }) => layouts))].map((layout) => `${screen}: ${layout}`),
    ];
  });
}
