import type { Snapshot } from "../protocol/snapshot.ts";
import { element, setText } from "./element.ts";
import { hueOf } from "./event-hue.ts";
import { createChip } from "./event-row.ts";
import { formatCount } from "./format.ts";
import { keyedRows, type Row } from "./keyed-rows.ts";

type Count = Snapshot["by_event"][number] & { readonly share: number };

/** Rows shown before «show all»: the usual site has few names, a hostile one could have hundreds. */
const SHORT_LENGTH = 5;

/** How often each event is in the ring, most frequent first, with what sampling was undone to where that differs. */
export function createEventCounts() {
  const list = element("ol", { "aria-label": "Events by name" });
  const more = element("button", { type: "button", class: "button bare more" });
  const heading = element("h3", { class: "heading" }, "By event", element("span", {}, "in the ring"));
  const node = element("section", { class: "section" }, heading, list, more);
  const showRows = keyedRows<Count>(list, ({ event }) => event, createCountRow);
  let counts: readonly Count[] = [];
  let isLong = false;

  function show(): void {
    showRows(isLong ? counts : counts.slice(0, SHORT_LENGTH));
    node.hidden = counts.length === 0;
    more.hidden = counts.length <= SHORT_LENGTH;
    more.setAttribute("aria-expanded", String(isLong));
    setText(more, isLong ? "Show fewer" : `Show all ${formatCount(counts.length)}`);
  }

  more.addEventListener("click", () => {
    isLong = !isLong;
    show();
  });

  return {
    node,
    update({ by_event }: Snapshot): void {
      const largest = by_event[0]?.count || 1;
      counts = by_event.map((item) => ({ ...item, share: item.count / largest }));
      show();
    },
  };
}

function createCountRow({ event }: Count): Row<Count> {
  const bar = element("progress", { class: "bar", max: "1", "aria-hidden": "true", "data-hue": String(hueOf(event)) });
  const count = element("span");
  const estimate = element("span", {
    class: "estimate",
    title: "estimate: each event counted as 1 / its sampling rate",
  });
  const number = element("span", { class: "number" }, count, estimate);
  return {
    node: element("li", { class: "count" }, element("span", {}, createChip(event)), bar, number),
    update(item) {
      const isEstimated = Math.round(item.estimate) !== item.count;
      bar.value = item.share;
      setText(count, formatCount(item.count));
      setText(estimate, isEstimated ? ` ≈ ${formatCount(item.estimate)}` : "");
    },
  };
}
