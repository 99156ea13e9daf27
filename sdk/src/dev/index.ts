/**
 * Developer tools: see on the page itself what it sends and what the collector makes of it. Framework-free custom
 * elements; nothing happens on import, and in Node everything does nothing.
 * @module
 */
export { defineBadge, type TallymarkBadgeElement } from "./badge.ts";
export { defineDevElements } from "./define-dev-elements.ts";
export { type DevToolsOptions, devTools } from "./dev-tools.ts";
export type { FeedElement } from "./feed-link.ts";
export { type FetchHealthOptions, fetchHealth } from "./fetch-health.ts";
export { type FetchSnapshotOptions, fetchSnapshot } from "./fetch-snapshot.ts";
export { readDevMode } from "./guard.ts";
export { definePanel, type TallymarkPanelElement } from "./panel.ts";
export { definePrivilegedOnly, type TallymarkPrivilegedOnlyElement } from "./privileged-only.ts";
export type { ReadOptions } from "./read-collector.ts";
export { type SnapshotSource, type SnapshotState, snapshotState, subscribeToSnapshots } from "./snapshot-feed.ts";
