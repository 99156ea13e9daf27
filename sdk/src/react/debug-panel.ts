"use client";
import { createElement, type ReactElement, useEffect, useRef } from "react";
import { definePanel, type TallymarkPanelElement } from "../dev/panel.ts";
import { PANEL_STATE_EVENT } from "../dev/panel-events.ts";
import { type DevElementProps, useDevElement } from "./use-dev-element.ts";

/** Props of `DebugPanel`. */
export interface DebugPanelProps extends DevElementProps {
  /** Opens or closes the panel when it changes; the badge, Escape and the close button may do so in between. Default: closed. */
  readonly open?: boolean | undefined;
  /** Told whenever the panel was opened or closed, by whatever. */
  readonly onOpenChange?: ((open: boolean) => void) | undefined;
}

/**
 * `<tallymark-panel>`: the events in the collector's ring, live, with counts and the collector's health. A `MetricsBadge`
 * anywhere on the page opens it. Put it inside `PrivilegedOnly` where visitors should not see it.
 */
export function DebugPanel({ open, onOpenChange, ...props }: DebugPanelProps): ReactElement {
  const ref = useDevElement<TallymarkPanelElement>(definePanel, props);
  const latest = useRef(onOpenChange);

  useEffect(() => {
    latest.current = onOpenChange;
  });

  useEffect(() => {
    const node = ref.current;
    const tell = (event: Event) => {
      if (event instanceof CustomEvent) latest.current?.(event.detail.open);
    };
    node?.addEventListener(PANEL_STATE_EVENT, tell);
    return () => node?.removeEventListener(PANEL_STATE_EVENT, tell);
  }, [ref]);

  useEffect(() => {
    if (open !== undefined) ref.current?.toggleAttribute("open", open);
  }, [ref, open]);

  return createElement("tallymark-panel", { ref, "data-tallymark-ignore": "" });
}
