import type { Viewport, WireEvent } from "../protocol/event.ts";
import { MAX_TITLE_LENGTH } from "../protocol/limits.ts";
import { scrubReferrer, scrubUrl } from "./scrub.ts";

type PageField = "url" | "referrer" | "title" | "language" | "viewport";

/** Fields that are `undefined` here are absent from the request: JSON leaves them out. */
export type PageFields = { readonly [Field in PageField]: WireEvent[Field] | undefined };

/**
 * The page as it is now. What the caller states is taken instead of what the document says, through the same scrubber;
 * a stated `""` means absent.
 */
export function readPage({
  url = location.href,
  referrer = document.referrer,
  title = document.title,
  language = navigator.language,
  viewport = viewportOf(innerWidth),
}: Partial<WireEvent>): PageFields {
  return {
    url: scrubUrl(url) || undefined,
    // A `<form name="title">` takes the place of `document.title`, and so with `referrer`: then they are no strings.
    referrer: scrubReferrer(String(referrer)) || undefined,
    title: String(title).slice(0, MAX_TITLE_LENGTH) || undefined,
    // Where the locale is not set, Chromium says `en-US@posix`.
    language: language?.match(/^[\w-]{1,16}/)?.[0],
    viewport,
  };
}

/** The width class of a window of `width` CSS pixels; see `Viewport`. All its limits are multiples of 128. */
function viewportOf(width: number): Viewport {
  return (["xs", "xs", "xs", "xs", "xs", "sm", "md", "md", "lg", "lg"] as const)[width >> 7] ?? "xl";
}
