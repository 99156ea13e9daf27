import type { Beacon } from "../core/options.ts";
import { onClick } from "./lib/on-click.ts";

const PREFIX = "data-tallymark-";

/** What `taggedEvents` tracks, and no other beacon. */
export const TAGGED = "[data-tallymark-event]";

/**
 * Tracks what the markup says: a click in `<button data-tallymark-event="signup" data-tallymark-plan="pro">` is `signup`
 * with `{ plan: "pro" }`. Names of metadata are as HTML has them, in small letters; values are texts.
 *
 * One click is one event: of nested elements the innermost counts, and a link is not tracked by `linkClicks` besides.
 * Clicks with any modifier, with the middle button and from the keyboard count, the right button does not. The navigation
 * itself is never delayed, prevented or repeated. Nothing is tracked inside an element marked `data-tallymark-ignore`.
 */
export function taggedEvents(): Beacon {
  return function startTaggedEvents(client) {
    return onClick(TAGGED, (element, find, path) => {
      // After the click on a label the browser clicks its control, which then counts alone:
      // https://html.spec.whatwg.org/multipage/forms.html#the-label-element
      const control = (find("label") as HTMLLabelElement | undefined)?.control ?? null;
      if (element.contains(control) && !path.includes(control)) return;
      const said: Record<string, string> = {};
      for (const { name, value } of element.attributes) {
        if (name.startsWith(PREFIX)) said[name.slice(PREFIX.length)] = value;
      }
      const { event, ...metadata } = said;
      client.track(event as string, metadata);
    });
  };
}
