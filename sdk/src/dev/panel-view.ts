import type { RecentEvent } from "../protocol/snapshot.ts";
import { adoptStyles } from "./adopt-styles.ts";
import { element, icon, setText, tallyMark } from "./element.ts";
import { createEventCounts } from "./event-counts.ts";
import { createEventList, keyOf } from "./event-list.ts";
import { formatCount } from "./format.ts";
import { createHealthView } from "./health-view.ts";
import { PANEL_STYLES } from "./panel-styles.ts";
import type { SnapshotState } from "./snapshot-feed.ts";
import { createStatus, statusWord } from "./status-view.ts";
import { themeStyles } from "./theme-styles.ts";

/** What a panel shows: status, health, counts and the live list, which may be narrowed and paused. */
export function createPanelView(root: ShadowRoot, onClose: () => void) {
  const status = createStatus();
  const health = createHealthView();
  const counts = createEventCounts();
  const list = createEventList();
  const pause = element("button", { type: "button", class: "button" });
  const close = element("button", { type: "button", class: "button bare", "aria-label": "Close" });
  const filter = element("input", {
    type: "search",
    class: "filter",
    placeholder: "Filter events",
    "aria-label": "Filter events by name, path, visitor or metadata",
    spellcheck: "false",
    autocomplete: "off",
  });
  const message = element("span");
  const aftermath = element("small");
  const problem = element(
    "div",
    { class: "problem", role: "alert" },
    warningIcon(),
    element("div", {}, message, aftermath),
  );
  const blankTitle = element("strong");
  const blankText = element("span");
  const blank = element("div", { class: "blank" }, tallyMark(), blankTitle, blankText);
  const panel = element(
    "section",
    { class: "panel", tabindex: "-1", "aria-label": "Tallymark events" },
    element(
      "header",
      { class: "header" },
      element("h2", { class: "title" }, tallyMark(), "Tallymark"),
      status.node,
      pause,
      close,
    ),
    health.node,
    problem,
    element(
      "div",
      { class: "toolbar" },
      icon("search", "0 0 16 16", "M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10z M10.5 10.5 14 14"),
      filter,
    ),
    element("div", { class: "scroll" }, counts.node, list.node, blank),
  );

  let latest: SnapshotState = { status: "loading" };
  let paused: SnapshotState | undefined;

  function render(): void {
    const { snapshot } = paused ?? latest;
    const { error } = latest;
    status.update(paused ? "paused" : statusWord(latest));
    health.update(latest.health);
    problem.hidden = error === undefined;
    setText(message, error?.message ?? "");
    setText(aftermath, snapshot ? "Trying again. Below is what was seen last." : "Trying again.");
    // Whoever filters looks for an event: the matches come first then.
    if (snapshot && filter.value === "") counts.update(snapshot);
    else counts.node.hidden = true;
    const events = snapshot?.last_events ?? [];
    blank.hidden = list.update(events, filter.value) > 0;
    const [title, text] = blankTexts(latest, events.length, filter.value);
    setText(blankTitle, title);
    setText(blankText, text);
    setText(pause, pauseLabel());
  }

  function pauseLabel(): string {
    if (!paused) return "Pause";
    const seen = new Set(paused.snapshot?.last_events.map(keyOf));
    const isNew = (event: RecentEvent) => !seen.has(keyOf(event));
    const missed = latest.snapshot?.last_events.filter(isNew).length ?? 0;
    return missed > 0 ? `Resume (${formatCount(missed)} new)` : "Resume";
  }

  pause.addEventListener("click", () => {
    paused = paused ? undefined : latest;
    render();
  });
  close.append(icon("close", "0 0 16 16", "M4 4l8 8 M12 4l-8 8"));
  close.addEventListener("click", onClose);
  filter.addEventListener("input", render);
  panel.addEventListener("keydown", (event) => {
    // What is typed here is not meant for the page's keyboard shortcuts.
    event.stopPropagation();
    if (event.key !== "Escape") return;
    event.preventDefault();
    onClose();
  });
  adoptStyles(root, themeStyles(), PANEL_STYLES);
  root.append(element("div", { class: "root" }, panel));
  render();

  return {
    focus: (): void => panel.focus({ preventScroll: true }),
    update(state: SnapshotState): void {
      latest = state;
      render();
    },
  };
}

function blankTexts({ status }: SnapshotState, count: number, filter: string): readonly [title: string, text: string] {
  if (count > 0) return [`Nothing matches “${filter.trim()}”`, "The filter looks at name, path, visitor and metadata."];
  if (status === "loading") return ["Connecting", "Waiting for the collector’s first answer."];
  if (status === "error") return ["Nothing to show", "Events appear here as soon as the collector answers."];
  return ["No events yet", 'Click something on this page, or call track("hello").'];
}

function warningIcon(): SVGSVGElement {
  return icon("warning", "0 0 16 16", "M8 5v4 M8 11.5v.01 M8 1.5 15 14H1z");
}
