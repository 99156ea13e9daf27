import type { RecentEvent } from "../protocol/snapshot.ts";
import { element, icon, setText } from "./element.ts";
import { hueOf } from "./event-hue.ts";
import { formatAge } from "./format.ts";
import type { Row } from "./keyed-rows.ts";

/** Characters of a visitor's id that are shown: enough to tell visitors apart, too few to be quoted by accident. */
const SHORT_ID_LENGTH = 8;

/** One event: a line to skim, and everything else on expand. */
export function createEventRow(event: RecentEvent): Row<RecentEvent> {
  const age = element("time", { class: "age", datetime: event.received_at });
  const stored = event.stored ? "stored" : "sampled out";
  const summary = element(
    "summary",
    {},
    element("span", {}, createChip(event.event)),
    age,
    icon("chevron", "0 0 12 12", "M4 2l4 4-4 4"),
    element(
      "span",
      { class: "line" },
      element("span", { class: "path" }, event.url ?? "–"),
      element("span", { class: "visitor", title: "visitor" }, String(event.visitor_id).slice(0, SHORT_ID_LENGTH)),
      element("span", { class: "kept", "data-stored": String(event.stored) }, stored),
    ),
  );
  const details = element("details", {}, summary);
  details.addEventListener("toggle", () => details.append(createFacts(event)), { once: true });
  return {
    node: element("li", { class: "event" }, details),
    update: () => setText(age, formatAge(Date.now() - Date.parse(event.received_at))),
  };
}

/** An event's name in its own colour. */
export function createChip(name: string): HTMLElement {
  return element("span", { class: "chip", "data-hue": String(hueOf(name)), title: name }, name);
}

function createFacts({ metadata = {}, stored: _, device, ...rest }: RecentEvent): HTMLElement {
  const isEmpty = Object.keys(metadata).length === 0;
  const json = element("dd", isEmpty ? {} : { class: "json" }, isEmpty ? "none" : JSON.stringify(metadata, null, 2));
  const facts = element("dl", { class: "facts" }, element("dt", {}, "metadata"), json);
  const kind = device && [device.type, device.browser, device.os].filter(Boolean).join(", ");
  for (const [name, value] of Object.entries({ ...rest, device: kind })) {
    if (value !== undefined) facts.append(element("dt", {}, name), element("dd", {}, String(value)));
  }
  return facts;
}
