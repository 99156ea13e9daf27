import { fakeListeners } from "./fake-listeners.ts";
import { type FakeEntry, fakeObservers } from "./fake-observers.ts";
import { fakeTasks } from "./fake-tasks.ts";
import { NavigationTiming } from "./navigation-timing.ts";
import type { Random } from "./seeded-random.ts";

export type RandomPage = ReturnType<typeof randomPage>;

const ENTRY_TYPES = [
  "paint",
  "layout-shift",
  "event",
  "first-input",
  "largest-contentful-paint",
  "long-animation-frame",
  "resource",
];
const SOFT_ENTRY_TYPES = ["soft-navigation", "interaction-contentful-paint"];

/** Browsers keep so many of a type, of resources 250. Fewer here, so that the library needs its own list of them. */
const KEPT_ENTRIES = 3;

/** When the simulation begins, in ms since the navigation. */
const START_MS = 100;

/**
 * A page that is loading, as far as the web-vitals library sees it: in one browser or another, and opened in one way or
 * another. Nothing happens in it by itself.
 */
export function randomPage(random: Random) {
  const hasSoftNavigations = random.chance(0.7);
  const isPrerendered = random.chance(0.35);
  const isHidden = isPrerendered || random.chance(0.1);

  const { emit, entriesOf, PerformanceObserver } = fakeObservers(
    hasSoftNavigations ? [...ENTRY_TYPES, ...SOFT_ENTRY_TYPES] : ENTRY_TYPES,
  );
  const { fire, ...listeners } = fakeListeners();
  const { runTasks, runFrame, ...tasks } = fakeTasks();
  const clock = { now: START_MS };
  const document = {
    visibilityState: isHidden ? "hidden" : "visible",
    prerendering: isPrerendered,
    readyState: "loading",
    wasDiscarded: random.chance(0.4),
  };
  const navigation = new NavigationTiming(random, hasSoftNavigations);
  const performance = {
    now: () => clock.now,
    getEntriesByType: (type: string): object[] =>
      type === "navigation" ? [navigation] : entriesOf(type).slice(0, KEPT_ENTRIES),
    // Where there is none, the library estimates it.
    ...(random.chance(0.7) && { interactionCount: 0 }),
  };

  const globals = {
    ...listeners,
    ...tasks,
    document,
    performance,
    PerformanceEventTiming,
    PerformanceNavigationTiming: NavigationTiming,
    PerformanceObserver,
    // At once, for the library asks for one only at the end of a task.
    queueMicrotask: (task: () => void) => task(),
    // Not in Safari.
    ...(random.chance(0.8) && { requestIdleCallback: tasks.setTimeout, cancelIdleCallback: tasks.clearTimeout }),
    ...(hasSoftNavigations && { PerformanceSoftNavigation: SoftNavigation }),
  };

  return {
    random,
    hasSoftNavigations,
    /** What the page's scripts see. */
    globals,
    clock,
    document,
    navigation,
    performance,
    emit: (entries: readonly FakeEntry[], isLate?: boolean): void => emit(entries, isLate),
    fire: (type: string, details: { readonly isTrusted?: boolean; readonly persisted?: boolean } = {}): void =>
      fire({ type, timeStamp: clock.now, isTrusted: true, ...details }),
    runTasks,
    runFrame,
    /** Of the last interaction. */
    interactionId: 1000,
    /** Of the last navigation: its id, and that of the interaction that has caused it. */
    navigationId: 7,
    navigationInteractionId: 0,
    hasFirstInput: false,
  };
}

/** Where this is on the prototype, the library measures INP. */
class PerformanceEventTiming {
  get interactionId(): number {
    return 0;
  }
}

/** Where this is on the prototype, the library reports soft navigations. */
class SoftNavigation {
  getLargestInteractionContentfulPaint(): void {}
}
