// @vitest-environment node
import { isDeepStrictEqual } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { buildLibrary, VITALS } from "../test/web-vitals/build-library.ts";
import { simulatePage } from "../test/web-vitals/simulate-page.ts";
import type { ToldReport } from "../test/web-vitals/told-report.ts";
import { cutting, cutWebVitals } from "./cut-web-vitals.ts";

/** Each is a random page, the same one in every run. */
const SEEDS = Array.from({ length: 200 }, (_, index) => index + 1);

/** The library's `navigationType`s, without two that are to it as `navigate` is. */
const NAVIGATIONS = ["navigate", "prerender", "restore", "back-forward-cache", "soft-navigation"];

/** All that we tell of an attribution, by the metric. */
const DETAILS = {
  CLS: ["largestShiftTarget", "largestShiftTime", "largestShiftValue", "loadState"],
  FCP: ["timeToFirstByte", "firstByteToFCP", "loadState"],
  INP: [
    ...["interactionTarget", "interactionType", "interactionTime", "nextPaintTime", "loadState"],
    ...["inputDelay", "processingDuration", "presentationDelay"],
    ...["longestScriptUrl", "longestScriptSubpart", "longestScriptDuration", "totalScriptDuration"],
    ...["totalStyleAndLayoutDuration", "totalPaintDuration", "totalUnattributedDuration"],
  ],
  LCP: ["target", "url", "timeToFirstByte", "resourceLoadDelay", "resourceLoadDuration", "elementRenderDelay"],
  TTFB: ["waitingDuration", "cacheDuration", "dnsDuration", "connectionDuration", "requestDuration"],
};

/** Texts whose cut changes what is reported. */
const WRONG_CUTS = [
  ["lib/bindReporter.js", "prevValue = metric.value;"],
  ["lib/initMetric.js", "else if (document.wasDiscarded) { _navigationType = 'restore'; }"],
  ["onCLS.js", "layoutShiftManager._sessionValue = 0;"],
  ["onFCP.js", "- getActivationStart()"],
  ["onINP.js", "interactionManager._resetInteractions();"],
  ["onLCP.js", "isFinalized = true;"],
  ["onTTFB.js", "- getActivationStart()"],
] as const;

/** Where it is reported less often, on all pages together, a difference would too easily be missed. */
const OFTEN = 10;

/** For a slow machine that has other things to do. */
const TIMEOUT_MS = 60_000;

describe.each([
  { library: "plain web-vitals", folder: "", details: {} },
  { library: "web-vitals with attribution", folder: "attribution/", details: DETAILS },
])("the cuts of $library", { timeout: TIMEOUT_MS }, ({ folder, details }) => {
  /** The original's, by page. */
  let expected: ToldReport[][];

  beforeAll(async () => {
    const original = await buildLibrary(folder);
    expected = SEEDS.map((seed) => simulatePage(original, seed));
  }, TIMEOUT_MS);

  it("change nothing of what is reported", async () => {
    const cut = await buildLibrary(folder, [cutWebVitals]);
    for (const [index, seed] of SEEDS.entries()) {
      expect(simulatePage(cut, seed), `on random page ${seed}`).toEqual(expected[index]);
    }
  });

  it.each(NAVIGATIONS)("are compared in each metric of %s", (navigationType) => {
    const reports = expected.flat().filter((report) => report.navigationType === navigationType);
    for (const metric of VITALS) {
      expect(reports.filter(({ name }) => name === metric).length, metric).toBeGreaterThanOrEqual(OFTEN);
    }
  });

  it.each(Object.entries(details))("are compared in each detail of %s", (metric, names) => {
    const attributions = expected.flatMap((reports) =>
      reports.filter(({ name }) => name === metric).map(({ attribution }) => attribution),
    );
    expect(new Set(attributions.flatMap(Object.keys))).toEqual(new Set(names));
    for (const name of names) {
      const told = attributions.filter((attribution) => attribution[name]);
      expect(told.length, name).toBeGreaterThanOrEqual(OFTEN);
    }
  });

  it.each(WRONG_CUTS)("would be noticed if they took from %s `%s`", async (file, text) => {
    const wrong = await buildLibrary(folder, [cutting({ [file]: [text] })]);
    const isNoticed = SEEDS.some((seed, index) => !isDeepStrictEqual(simulatePage(wrong, seed), expected[index]));
    expect(isNoticed).toBe(true);
  });
});

it("the build fails where a text to cut is not in the library", async () => {
  const plugin = cutting({ "onCLS.js": ["export const onCLS", "no such text"] });
  await expect(buildLibrary("", [plugin])).rejects.toThrow('web-vitals: onCLS.js has no "no such text"');
});
