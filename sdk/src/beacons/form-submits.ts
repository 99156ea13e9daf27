import type { Beacon } from "../core/options.ts";
import { onAct } from "./lib/on-act.ts";
import { TAGGED } from "./tagged-events.ts";

/**
 * Tracks `form_submit` with the form's `{ id, name }` where it has them, and never what is in a field. Only what the browser
 * takes for valid is submitted. One event where the page sends the form by itself, too; not where its script calls
 * `form.submit()`, which browsers tell nobody. A form that `taggedEvents` tracks is not tracked here, nor one inside an
 * element marked `data-tallymark-ignore`.
 */
export function formSubmits(): Beacon {
  return function startFormSubmits({ track }) {
    return onAct("submit", "form", (form, find) => {
      if (!find(TAGGED)) track("form_submit", { id: form.getAttribute("id"), name: form.getAttribute("name") });
    });
  };
}
