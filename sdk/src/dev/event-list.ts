import type { RecentEvent } from "../protocol/snapshot.ts";
import { element, setText } from "./element.ts";
import { createEventRow } from "./event-row.ts";
import { formatCount } from "./format.ts";
import { keyedRows } from "./keyed-rows.ts";

/** The live list: newest first, narrowed by a filter over everything an event says. */
export function createEventList() {
  const found = element("span");
  const list = element("ol", { "aria-label": "Latest events" });
  const heading = element("h3", { class: "heading" }, "Latest events", found);
  const node = element("section", { class: "section" }, heading, list);
  const texts = new WeakMap<RecentEvent, string>();
  let hasShown = false;

  const showRows = keyedRows<RecentEvent>(list, keyOf, (event) => {
    const row = createEventRow(event);
    row.node.classList.toggle("fresh", hasShown);
    return row;
  });

  function textOf(event: RecentEvent): string {
    const text =
      texts.get(event) ?? JSON.stringify([event.event, event.url, event.visitor_id, event.metadata]).toLowerCase();
    texts.set(event, text);
    return text;
  }

  return {
    node,
    /** @returns how many events pass the filter */
    update(events: readonly RecentEvent[], filter: string): number {
      const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
      const matches = events.filter((event) => words.every((word) => textOf(event).includes(word)));
      showRows(matches);
      hasShown ||= events.length > 0;
      node.hidden = matches.length === 0;
      setText(found, words.length > 0 ? `${formatCount(matches.length)} of ${formatCount(events.length)}` : "");
      return matches.length;
    },
  };
}

/** An id counts once in the files, but may be in the ring twice where it came again much later. */
export function keyOf({ id, received_at }: RecentEvent): string {
  return `${id} ${received_at}`;
}
