import type { Random } from "./seeded-random.ts";

/** The entry of the page's load. */
export class NavigationTiming {
  readonly entryType = "navigation";
  readonly name = "https://shop.example/";
  readonly type: string;
  readonly responseStart: number;
  readonly navigationId: number | undefined;
  readonly workerStart: number;
  readonly fetchStart = 3;
  readonly domainLookupStart = 4;
  readonly connectStart = 5;
  readonly connectEnd = 9;
  readonly domInteractive = 150;
  readonly domContentLoadedEventStart = 400;
  readonly domComplete = 800;
  activationStart = 0;

  constructor(random: Random, hasSoftNavigations: boolean) {
    this.type = random.pick(["navigate", "reload", "back_forward"]);
    // Some browsers tell 0 at times, and then the library takes it for no entry.
    this.responseStart = random.chance(0.1) ? 0 : 20 + random.wholeBelow(30);
    this.navigationId = hasSoftNavigations ? 7 : undefined;
    this.workerStart = random.chance(0.2) ? 2 : 0;
  }
}
