/** From the badge, bubbling: open the panel, or close it. */
export const TOGGLE_EVENT = "tallymark-toggle";

/** From the panel, bubbling: it was opened or closed (`detail.open`). */
export const PANEL_STATE_EVENT = "tallymark-panel-state";

declare global {
  interface DocumentEventMap {
    [TOGGLE_EVENT]: CustomEvent<null>;
    [PANEL_STATE_EVENT]: CustomEvent<{ readonly open: boolean }>;
  }
}
