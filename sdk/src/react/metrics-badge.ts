"use client";
import { createElement, type ReactElement } from "react";
import { defineBadge, type TallymarkBadgeElement } from "../dev/badge.ts";
import { type DevElementProps, useDevElement } from "./use-dev-element.ts";

/** Props of `MetricsBadge`. */
export type MetricsBadgeProps = DevElementProps;

/**
 * `<tallymark-badge>`: a button with the number of events in the collector's ring and its status. It opens and closes the
 * page's `DebugPanel`. Put it inside `PrivilegedOnly` where visitors should not see it.
 */
export function MetricsBadge(props: MetricsBadgeProps): ReactElement {
  const ref = useDevElement<TallymarkBadgeElement>(defineBadge, props);
  return createElement("tallymark-badge", { ref, "data-tallymark-ignore": "" });
}
