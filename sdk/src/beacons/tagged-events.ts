import type { Beacon } from "../core/options.ts";
import { onAct } from "./lib/on-act.ts";

const PREFIX = "data-tallymark-";

/** What `taggedEvents` tracks, and no other beacon. */
export const TAGGED = "[data-tallymark-event]";

/**
 * Tracks what the markup says: a click in `<button data-tallymark-event="signup" data-tallymark-plan="pro">` is `signup`
 * with `{ plan: "pro" }`. A `<form>` that is marked so is tracked when it is submitted, and not when it is clicked. Names
 * of metadata are as HTML has them, in small letters; values are texts.
 *
 * One act is one event: of nested elements the innermost counts, and neither `linkClicks` nor `formSubmits` tracks it
 * besides. Clicks with any modifier, with the middle button and from the keyboard count, the right button does not. The
 * navigation itself is never delayed, prevented or repeated. Nothing is tracked inside an element marked
 * `data-tallymark-ignore`.
 */
export function taggedEvents(): Beacon {
  return function startTaggedEvents({ track }) {
    return onAct("click auxclick submit", TAGGED, (element, find, event) => {
      if (element.matches("form") !== (event.type === "submit")) return;
      // After the click on a label the browser clicks its control, which then counts alone:
      // https://html.spec.whatwg.org/multipage/forms.html#the-label-element
      const control = (find("label") as HTMLLabelElement | undefined)?.control;
      if (element.contains(control as Node) && !event.composedPath().includes(control as EventTarget)) return;
      const said: Record<string, string> = {};
      for (const { name, value } of element.attributes) {
        if (name.startsWith(PREFIX)) said[name.slice(PREFIX.length)] = value;
      }
      const { event: name, ...metadata } = said;
      track(name as string, metadata);
    });
  };
}
