import {
  eventEntries,
  interactionPaint,
  largestContentfulPaint,
  layoutShift,
  longAnimationFrame,
  resource,
} from "./random-entries.ts";
import type { RandomPage } from "./random-page.ts";

/** One thing that happens to a page. @param startTime of the entries that tell of it, a little in the past */
type Act = (page: RandomPage, startTime: number) => void;

/** All that can happen, the likelier the more often. What cannot happen to a page in its state does nothing. */
export const RANDOM_ACTS = weighed([
  [10, interact],
  [8, shiftLayout],
  [6, paintLargest],
  [3, loadResource],
  [3, paintFirst],
  [5, navigateSoftly],
  [3, paintAfterInteraction],
  [3, input],
  [3, hideOrShow],
  [1, comeBackFromCache],
  [3, ({ runFrame }) => runFrame()],
  [6, activate],
  [3, loadOn],
  [6, ({ runTasks }) => runTasks()],
]);

function weighed(acts: readonly (readonly [weight: number, act: Act])[]): Act[] {
  return acts.flatMap(([weight, act]) => Array.from({ length: weight }, () => act));
}

function interact(page: RandomPage, startTime: number): void {
  const { random, performance } = page;
  // All but the last are too short for an entry.
  const interactions = 1 + random.wholeBelow(8);
  // As Chromium counts, which the library's own estimate takes for granted.
  page.interactionId += 7 * interactions;
  if (performance.interactionCount !== undefined) performance.interactionCount += interactions;
  const events = eventEntries(page, startTime, !page.hasFirstInput);
  page.hasFirstInput = true;
  const { duration = 0 } = events[0] ?? {};
  if (random.chance(0.6)) page.emit([longAnimationFrame(random, startTime, duration)]);
  page.emit(events, random.chance(0.3));
}

function shiftLayout({ random, emit }: RandomPage, startTime: number): void {
  emit([layoutShift(random, startTime)], random.chance(0.2));
}

function paintLargest({ random, emit }: RandomPage, startTime: number): void {
  emit([largestContentfulPaint(random, startTime)]);
}

function loadResource({ random, emit }: RandomPage, endTime: number): void {
  emit([resource(random, endTime)]);
}

/** May happen again, which is nothing to the library: it has stopped listening. */
function paintFirst({ emit }: RandomPage, startTime: number): void {
  const names = ["first-paint", "first-contentful-paint"];
  emit(names.map((name) => ({ entryType: "paint", name, startTime, duration: 0 })));
}

function navigateSoftly(page: RandomPage, startTime: number): void {
  if (!page.hasSoftNavigations) return;
  const { random } = page;
  page.navigationId += 1;
  page.navigationInteractionId = page.interactionId;
  const largest = random.chance(0.7) ? interactionPaint(random, startTime, page.navigationInteractionId) : null;
  page.emit([
    {
      entryType: "soft-navigation",
      name: `https://shop.example/${page.navigationId}`,
      startTime,
      duration: random.below(20),
      navigationId: page.navigationId,
      interactionId: page.navigationInteractionId,
      presentationTime: random.chance(0.5) ? startTime + 10 : 0,
      paintTime: startTime + 12,
      getLargestInteractionContentfulPaint: () => largest,
    },
  ]);
}

function paintAfterInteraction(page: RandomPage, startTime: number): void {
  if (!page.hasSoftNavigations) return;
  const { random, navigationInteractionId: last } = page;
  // Of the last navigation, of some other interaction, or of a browser that does not tell.
  page.emit([interactionPaint(random, startTime, random.pick([last, last, last, 1, undefined]))]);
}

function input({ random, fire }: RandomPage): void {
  fire(random.pick(["click", "keydown"]), { isTrusted: random.chance(0.9) });
}

function hideOrShow({ document, fire }: RandomPage): void {
  // What is prerendered is hidden all the time.
  if (document.prerendering) return;
  document.visibilityState = document.visibilityState === "hidden" ? "visible" : "hidden";
  fire("visibilitychange");
}

function comeBackFromCache({ random, fire }: RandomPage): void {
  fire("pageshow", { persisted: random.chance(0.8) });
}

/** What was prerendered is opened, now and then in the background. */
function activate({ random, document, navigation, clock, fire }: RandomPage): void {
  if (!document.prerendering) return;
  document.prerendering = false;
  document.visibilityState = random.chance(0.9) ? "visible" : "hidden";
  navigation.activationStart = clock.now;
  fire("prerenderingchange");
}

function loadOn({ document, fire }: RandomPage): void {
  if (document.readyState === "complete") return;
  document.readyState = document.readyState === "loading" ? "interactive" : "complete";
  if (document.readyState === "complete") fire("load");
}
