import { defineBadge } from "./badge.ts";
import { definePanel } from "./panel.ts";
import { definePrivilegedOnly } from "./privileged-only.ts";

/** Defines `<tallymark-badge>`, `<tallymark-panel>` and `<tallymark-privileged-only>`; again, or in Node, does nothing. */
export function defineDevElements(): void {
  defineBadge();
  definePanel();
  definePrivilegedOnly();
}
