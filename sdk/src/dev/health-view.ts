import type { Health } from "../protocol/snapshot.ts";
import { element, setText } from "./element.ts";
import { formatCount } from "./format.ts";

/** How the collector is: what it holds, what waits for the disk, what it writes to, and why it cannot. */
export function createHealthView() {
  const ring = createFact("Ring");
  const queue = createFact("Queue");
  const file = createFact("File", "file");
  const reason = createFact("Collector degraded", "reason");
  const node = element("dl", { class: "health" }, ring.node, queue.node, file.node, reason.node);

  return {
    node,
    update(health: Health | undefined): void {
      node.hidden = health === undefined;
      if (!health) return;
      ring.show(`${formatCount(health.ring_size)} / ${formatCount(health.ring_capacity)}`);
      queue.show(`${formatCount(health.queue_depth)} / ${formatCount(health.queue_capacity)}`);
      file.show(health.file === null ? "none yet" : `${health.file}${health.file_exists ? "" : " (missing)"}`);
      reason.show(health.reason ?? "It cannot store events now.");
      reason.node.hidden = health.status === "healthy";
    },
  };
}

function createFact(name: string, className?: string) {
  const value = element("dd");
  const node = element("div", { class: className }, element("dt", {}, name), value);
  return {
    node,
    show(text: string): void {
      setText(value, text);
      value.title = text;
    },
  };
}
