import { RANDOM_ACTS } from "./random-acts.ts";
import type { RandomPage } from "./random-page.ts";

const STEPS = 120;

/** A page's life up to when it is left for good, and all that was waiting has run. */
export function liveRandomly(page: RandomPage): void {
  const { random, clock } = page;
  for (let step = 0; step < STEPS; step += 1) {
    // Often little and seldom long, so that layout shifts are in one session and in several.
    clock.now += random.below(1) * random.below(400);
    random.pick(RANDOM_ACTS)(page, clock.now - random.below(50));
  }
  clock.now += 5;
  page.document.visibilityState = "hidden";
  page.fire("visibilitychange");
  page.runTasks();
  page.runFrame();
  page.runFrame();
  page.runTasks();
}
