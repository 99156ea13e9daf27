import { scrubText } from "./scrub-text.ts";

const MAX_FRAMES = 10;

/** Characters of one frame, without its place. */
const MAX_FRAME_LENGTH = 150;

/** More than that many frames have, in characters: who has written a long one must not hold up the page. */
const MAX_STACK_LENGTH = 10_000;

/**
 * A line of V8, `    at name (address:line:column)` or `    at address:line:column`, and one of Gecko and WebKit,
 * `name@address:line:column`. What has no place in a file, such as native code and `eval`, is no match.
 */
const FRAME = /^(?: *at (?:async )?(?:(.*) \()?|([^@:\n]*)@)?([^\s@]\S*?)(:\d+:\d+)\)?$/gm;

/**
 * The frames of a stack, innermost first, each as `name path:line:column`; of other origins with the whole address.
 * Addresses are scrubbed.
 */
export function readStack(stack: string): string[] {
  return [...stack.slice(0, MAX_STACK_LENGTH).matchAll(FRAME)]
    .slice(0, MAX_FRAMES)
    .map(([, v8Name = "", name = v8Name, address, place]) => {
      const scrubbed = scrubText(`${name} ${address}`, MAX_FRAME_LENGTH);
      return scrubbed.trim().replace(`${location.origin}/`, "/") + place;
    });
}
