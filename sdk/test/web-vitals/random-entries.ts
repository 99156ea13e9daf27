import type { FakeEntry } from "./fake-observers.ts";
import { randomNode } from "./random-node.ts";
import type { RandomPage } from "./random-page.ts";
import type { Random } from "./seeded-random.ts";

function randomAddress(random: Random): string {
  return `https://shop.example/${random.wholeBelow(3)}.jpg`;
}

/** All events of one interaction, and with the first of a page its `first-input`. */
export function eventEntries({ random, interactionId }: RandomPage, startTime: number, isFirst: boolean): FakeEntry[] {
  // Browsers round to 8 ms.
  const duration = 8 * random.wholeBelow(60);
  const target = randomNode(random);
  const clickTarget = randomNode(random);
  const first = {
    name: random.pick(["pointerup", "keydown"]),
    entryType: "event",
    startTime,
    duration,
    processingStart: startTime + random.below(duration / 2),
    // Now and then after the next paint, as that of a handler that opens an `alert`.
    processingEnd: startTime + duration * (0.5 + random.below(1)),
    // None for what is no interaction, such as a `pointerover`.
    interactionId: random.chance(0.85) ? interactionId : 0,
    target,
    // The library takes this for the name and then asks for no other. We have no use for it, so the cut library goes on to
    // ask: it may have a name where the original has none. Here only where neither can have one.
    targetSelector: target || clickTarget ? undefined : "#gone",
  };
  // Of the same interaction, and mostly of the same frame, which is within 8 ms: the library takes the times of one and
  // the target of another.
  const clickTime = startTime + (random.chance(0.5) ? random.below(4) - 2 : 0);
  const click = {
    ...first,
    name: "click",
    startTime: clickTime,
    duration: duration + (random.chance(0.5) ? 8 : 0),
    processingStart: clickTime + random.below(duration / 2),
    target: clickTarget,
  };
  return [...(isFirst ? [{ ...first, entryType: "first-input" }] : []), first, ...(random.chance(0.5) ? [click] : [])];
}

/** One round an event of this duration. */
export function longAnimationFrame(random: Random, eventTime: number, eventDuration: number): FakeEntry {
  const scripts = Array.from({ length: random.wholeBelow(4) }, (_, index) => ({
    startTime: eventTime - 20 + random.below(eventDuration),
    duration: random.chance(0.1) ? 0 : random.below(eventDuration),
    forcedStyleAndLayoutDuration: random.below(5),
    sourceURL: `https://shop.example/${index}.js`,
  }));
  return {
    entryType: "long-animation-frame",
    name: "long-animation-frame",
    startTime: eventTime - random.below(30),
    duration: eventDuration + random.below(40),
    styleAndLayoutStart: eventTime + random.below(eventDuration),
    scripts,
  };
}

export function layoutShift(random: Random, startTime: number): FakeEntry {
  return {
    entryType: "layout-shift",
    name: "",
    startTime,
    duration: 0,
    value: random.chance(0.1) ? 0 : random.below(0.1),
    hadRecentInput: random.chance(0.2),
    sources: random.chance(0.8) ? [{ node: randomNode(random) }, { node: randomNode(random) }] : [],
  };
}

export function largestContentfulPaint(random: Random, startTime: number): FakeEntry {
  return {
    entryType: "largest-contentful-paint",
    name: "",
    startTime,
    duration: 0,
    // None for a text.
    url: random.chance(0.5) ? randomAddress(random) : "",
    id: random.pick(["", "hero"]),
    element: randomNode(random),
  };
}

export function resource(random: Random, endTime: number): FakeEntry {
  const startTime = endTime - 40;
  return {
    entryType: "resource",
    name: randomAddress(random),
    startTime,
    duration: 30,
    // None of what is from another origin without `Timing-Allow-Origin`.
    requestStart: random.chance(0.5) ? startTime + 2 : 0,
    responseEnd: endTime + random.below(50),
  };
}

/** @param interactionId none where the browser does not tell it yet */
export function interactionPaint(random: Random, startTime: number, interactionId: number | undefined): FakeEntry {
  const largest = {
    renderTime: startTime + random.below(90),
    startTime: startTime + 9,
    url: random.chance(0.5) ? randomAddress(random) : "",
    element: randomNode(random),
    id: "hero",
  };
  return {
    entryType: "interaction-contentful-paint",
    name: "",
    startTime,
    duration: 0,
    ...(interactionId !== undefined && { interactionId }),
    largestContentfulPaint: random.chance(0.9) ? largest : null,
  };
}
