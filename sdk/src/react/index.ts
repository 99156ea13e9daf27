"use client";
/**
 * React bindings: a provider, hooks, and developer tools which are in the bundle only if imported. React 18 and later.
 * @module
 */
export { DebugPanel, type DebugPanelProps } from "./debug-panel.ts";
export { MetricsBadge, type MetricsBadgeProps } from "./metrics-badge.ts";
export { PrivilegedOnly, type PrivilegedOnlyProps } from "./privileged-only.ts";
export { TallymarkProvider, type TallymarkProviderProps } from "./tallymark-provider.tsx";
export { useAutoBeacons } from "./use-auto-beacons.ts";
export type { DevElementProps } from "./use-dev-element.ts";
export { type UseSnapshotOptions, type UseSnapshotResult, useSnapshot } from "./use-snapshot.ts";
export { useTallymark } from "./use-tallymark.ts";
export { useTrack } from "./use-track.ts";
