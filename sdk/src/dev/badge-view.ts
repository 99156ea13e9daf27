import { adoptStyles } from "./adopt-styles.ts";
import { createAnnouncer } from "./announcer.ts";
import { BADGE_STYLES } from "./badge-styles.ts";
import { element, setText, tallyMark } from "./element.ts";
import { formatCount } from "./format.ts";
import type { SnapshotState } from "./snapshot-feed.ts";
import { createStatus, statusWord } from "./status-view.ts";
import { themeStyles } from "./theme-styles.ts";

/** What a badge shows: the number of events in the collector's ring, and how the collector is. */
export function createBadgeView(root: ShadowRoot, onClick: () => void) {
  const count = element("span", { class: "count" });
  const unit = element("span", { class: "unit" });
  const status = createStatus();
  const button = element(
    "button",
    { type: "button", class: "badge" },
    tallyMark(),
    element("span", { class: "visually-hidden" }, "Tallymark: "),
    element("span", {}, count, " ", unit),
    status.node,
  );
  const announcer = createAnnouncer();
  button.addEventListener("click", onClick);
  adoptStyles(root, themeStyles(), BADGE_STYLES);
  // Beside the button, not in it: the children of a button are presentational, live regions included.
  root.append(element("div", { class: "root" }, button, announcer.node));

  return {
    stop: announcer.stop,
    update(state: SnapshotState): void {
      const total = state.snapshot?.total;
      const amount = total === undefined ? "–" : formatCount(total);
      const noun = total === 1 ? "event" : "events";
      const word = statusWord(state);
      setText(count, amount);
      setText(unit, noun);
      status.update(word);
      if (word !== "connecting") announcer.announce(total === undefined ? word : `${amount} ${noun}, ${word}`);
    },
    setExpanded(isExpanded: boolean): void {
      button.setAttribute("aria-expanded", String(isExpanded));
    },
    isExpanded: (): boolean => button.getAttribute("aria-expanded") === "true",
  };
}
