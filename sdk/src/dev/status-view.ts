import { element, setText } from "./element.ts";
import type { SnapshotState } from "./snapshot-feed.ts";

/** What a dot and a word say about the collector. */
export type StatusWord = "connecting" | "live" | "degraded" | "error" | "paused";

/** The word for a state of the feed. */
export function statusWord({ status, health }: SnapshotState): StatusWord {
  if (status === "loading") return "connecting";
  if (status === "error") return "error";
  return health?.status === "degraded" ? "degraded" : "live";
}

/** A dot and a word: the status is never told by colour alone. */
export function createStatus(): { readonly node: HTMLElement; update(word: StatusWord): void } {
  const word = element("span");
  const node = element("span", { class: "status" }, element("span", { class: "dot", "aria-hidden": "true" }), word);
  return {
    node,
    update(value) {
      node.dataset.status = value;
      setText(word, value);
    },
  };
}
