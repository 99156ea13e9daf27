import type { WireEvent } from "../protocol/event.ts";
import { MAX_TITLE_LENGTH } from "../protocol/limits.ts";
import { checkMetadata } from "./check-metadata.ts";
import type { CapturedEvent } from "./outbox.ts";

/**
 * The event with the page at this moment: what may be another by the time it is sent. What the event states is taken
 * instead.
 * @throws Error for metadata that is not JSON, such as a cycle or a BigInt
 */
export function capture(event: string, metadata?: unknown, stated?: Partial<WireEvent>): CapturedEvent {
  checkMetadata(event, metadata);
  return {
    ts: Date.now(),
    // Three times as fast as `location.href` in Chromium. A `<form name="URL">` or `<form name="title">` takes the place
    // of what the document says: then it is no string.
    url: `${document.URL}`,
    title: `${document.title}`.slice(0, MAX_TITLE_LENGTH),
    // See `Viewport`: all its limits are multiples of 128 CSS pixels.
    viewport: ["xs", "xs", "xs", "xs", "xs", "sm", "md", "md", "lg", "lg"][innerWidth >> 7] ?? "xl",
    ...stated,
    event,
    metadata: JSON.stringify(metadata ?? undefined),
  } as CapturedEvent;
}
