import type { Vital } from "../../src/beacons/lib/vitals-source.ts";
import type { Library } from "./build-library.ts";
import { liveRandomly } from "./live-randomly.ts";
import type { FakeNode } from "./random-node.ts";
import { randomPage } from "./random-page.ts";
import { seededRandom } from "./seeded-random.ts";
import { OUR_NAME, type ToldReport, toldReport } from "./told-report.ts";

/** What the library reports on the random page of this seed: the same page each time, whatever the library does. */
export function simulatePage(library: Library, seed: number): ToldReport[] {
  const page = randomPage(seededRandom(seed));
  const reports: ToldReport[] = [];
  const ids = new Map<string, string>();

  function report(vital: Vital): void {
    // The library's ids are random: by their order instead, so that those of two runs can be compared.
    const id = ids.get(vital.id) ?? `metric ${ids.size}`;
    ids.set(vital.id, id);
    reports.push(toldReport({ ...vital, id }));
  }

  for (const onVital of Object.values(library(page.globals))) {
    onVital(report, { reportSoftNavs: true, generateTarget });
  }
  liveRandomly(page);
  return reports;
}

function generateTarget(node: unknown): string {
  return node ? OUR_NAME + (node as FakeNode).name : "";
}
