import type { Viewport, WireEvent } from "../protocol/event.ts";
import { MAX_TITLE_LENGTH } from "../protocol/limits.ts";
import type { CapturedEvent } from "./outbox.ts";

/**
 * The event with the page at this moment: what may be another by the time it is sent. What the event states is taken
 * instead.
 * @throws TypeError for metadata that is not JSON, such as a cycle or a BigInt
 */
export function capture(stated: Partial<WireEvent>): CapturedEvent {
  return {
    ts: Date.now(),
    // Three times as fast as `location.href` in Chromium.
    url: document.URL,
    // A `<form name="title">` takes the place of `document.title`: then it is no string.
    title: `${document.title}`.slice(0, MAX_TITLE_LENGTH),
    viewport: viewportOf(innerWidth),
    ...stated,
    metadata: JSON.stringify(stated.metadata ?? undefined),
  } as CapturedEvent;
}

/** The width class of a window of `width` CSS pixels; see `Viewport`. All its limits are multiples of 128. */
function viewportOf(width: number): Viewport {
  const index = (width >> 7) * 2;
  return ("xsxsxsxsxssmmdmdlglg".slice(index, index + 2) || "xl") as Viewport;
}
