/** A text of the library's, all over the file, and what stands instead (nothing). A space in it is any white space or comment. */
export type Cut = string | readonly [text: string, instead: string];

/** Each function is called with options by us; the FCP in CLS without, for it has no soft navigations. */
const NO_DEFAULT: Cut = ["opts = {}", "opts"];

/** `reportAllChanges` is never set: what is not forced is not reported. */
const FINAL_ONLY: Cut = ", opts.reportAllChanges";
const FORCED: Cut = ["report(true)", "report()"];

/** A metric is made of a soft navigation's entry, or of the metric before a restore, not of four values of theirs. */
const OF_ENTRY: Cut = [
  "'soft-navigation', entry.navigationId, entry.interactionId, entry.name, entry.startTime",
  "entry",
];
const OF_METRIC: Cut = [
  "'back-forward-cache', metric.navigationId, metric.navigationInteractionId, metric.navigationURL, getBFCacheRestoreTime()",
  "metric",
];
const ORIGIN: Cut = [
  "navigationType, navigationId, navigationInteractionId, navigationURL, navigationStartTime",
  "origin",
];

/** One manager for the two files that share it, kept in the options, instead of maps by class and options. */
const MANAGER: Cut = ["initUnique(opts, InteractionManager)", "(opts._manager ??= new InteractionManager())"];

/**
 * What the web-vitals library does that we have no use for, by file: options that we never or always set, results that
 * we do not read, and conditions that cannot fail. The numbers, and when they are told, stay its own.
 *
 * Those with attribution see each entry by `opts._onEntry`, which the plain functions call where there is one.
 */
export const CUTS: Readonly<Record<string, readonly Cut[]>> = {
  "lib/bindReporter.js": [
    [", thresholds, reportAllChanges) =>", ", thresholds) =>"],
    ["return (forceReport) =>", "return () =>"],
    "if (forceReport || reportAllChanges)",
  ],
  // With `reportSoftNavs`, but for the FCP in CLS, which gets no options.
  "lib/softNavs.js": [
    ["opts && opts.reportSoftNavs", "opts"],
    // Where there is the method there is the type of entry.
    "globalThis.PerformanceObserver?.supportedEntryTypes?.includes('soft-navigation') &&",
    [
      "typeof globalThis.PerformanceSoftNavigation?.prototype ?.getLargestInteractionContentfulPaint === 'function'",
      "globalThis.PerformanceSoftNavigation?.prototype.getLargestInteractionContentfulPaint",
    ],
  ],
  "lib/LayoutShiftManager.js": [
    // A session with a value has entries.
    "firstSessionEntry && lastSessionEntry &&",
    // See `_onEntry`.
    "_onAfterProcessingUnexpectedShift;",
    "this._onAfterProcessingUnexpectedShift?.(entry);",
  ],
  "lib/InteractionManager.js": [
    // See `_onEntry`.
    "_onBeforeProcessingEntry;",
    "_onAfterProcessingINPCandidate;",
    "this._onBeforeProcessingEntry?.(entry);",
  ],
  "lib/initMetric.js": [
    // See `ORIGIN`: only the entry has a type and a time.
    ["navigationType, navigationId = 0, navigationInteractionId, navigationURL, navigationStartTime", "origin"],
    [
      "if (navigationType) { _navigationType = navigationType; } else if (getBFCacheRestoreTime() >= 0) { _navigationType = 'back-forward-cache'; }",
      "if (origin || getBFCacheRestoreTime() >= 0) { _navigationType = origin?.entryType ?? 'back-forward-cache'; }",
    ],
    ["else if (hardNavEntry.type)", "else"],
    "const hardNavId = hardNavEntry?.navigationId || 0;",
    ["navigationId || hardNavId", "origin?.navigationId || hardNavEntry?.navigationId"],
    // Set before each report.
    "rating: 'good',",
    "delta: 0,",
    ["navigationInteractionId: navigationInteractionId", "interactionId: origin?.interactionId"],
    ["navigationURL || hardNavEntry", "(origin?.entryType ? origin.name : origin?.navigationURL) || hardNavEntry"],
    [
      "navigationStartTime: navigationStartTime || 0",
      "navigationStartTime: origin ? origin.startTime ?? getBFCacheRestoreTime() : 0",
    ],
  ],
  "onCLS.js": [
    NO_DEFAULT,
    FINAL_ONLY,
    // What is not forced is not reported.
    ["(forceReport = false)", "()"],
    "report(forceReport);",
    ["updateAndReportMetric(true)", "updateAndReportMetric(); report()"],
    FORCED,
    "doubleRAF(report);",
    "setTimeout(report);",
    ["initUnique(opts, LayoutShiftManager)", "new LayoutShiftManager()"],
    // As the manager did, for unexpected shifts only.
    [
      "layoutShiftManager._processEntry(entry);",
      "layoutShiftManager._processEntry(entry); if (!entry.hadRecentInput) opts._onEntry?.(entry);",
    ],
    OF_ENTRY,
    OF_METRIC,
    ORIGIN,
  ],
  "onFCP.js": [
    NO_DEFAULT,
    FINAL_ONLY,
    FORCED,
    // Remembered soft navigations: for an entry that we do not tell.
    "const fcpEntryManager = initUnique(opts, FCPEntryManager);",
    "if (fcpEntryManager._softNavigationEntryMap && entry.navigationId) { storeSoftNavEntry(fcpEntryManager._softNavigationEntryMap, entry); }",
    ["handleSoftNavEntries, opts", "handleSoftNavEntries"],
    // Read for LCP only.
    "metric.navigationId = entry.navigationId || metric.navigationId;",
    OF_METRIC,
    OF_ENTRY,
  ],
  "onINP.js": [
    NO_DEFAULT,
    FINAL_ONLY,
    MANAGER,
    ["interactionManager._processEntry(entry);", "opts._onEntry?.(entry); interactionManager._processEntry(entry);"],
    ["metric.entries = inp.entries; report();", "metric.entries = inp.entries;"],
    FORCED,
    [
      "{ ...opts, durationThreshold: opts.durationThreshold ?? DEFAULT_DURATION_THRESHOLD, }",
      "{ durationThreshold: DEFAULT_DURATION_THRESHOLD }",
    ],
    OF_ENTRY,
    OF_METRIC,
    ORIGIN,
  ],
  "onLCP.js": [
    NO_DEFAULT,
    FINAL_ONLY,
    "const lcpEntryManager = initUnique(opts, LCPEntryManager);",
    ["lcpEntryManager._processEntry(", "opts._onEntry?.("],
    "if (lcpEntryManager._softNavigationEntryMap && entry.navigationId) { storeSoftNavEntry(lcpEntryManager._softNavigationEntryMap, entry); }",
    ["metric.entries = metricEntries; report();", "metric.entries = metricEntries;"],
    ["!opts.reportAllChanges && !softNavsEnabled", "!softNavsEnabled"],
    FORCED,
    OF_ENTRY,
    OF_METRIC,
    ["navigation, navigationId, navigationInteractionId, navigationURL, navigationStartTime", "origin"],
    ["navigation === 'soft-navigation'", "origin.entryType"],
    ["metric.navigationInteractionId", "metric.interactionId"],
  ],
  "onTTFB.js": [
    NO_DEFAULT,
    FINAL_ONLY,
    FORCED,
    OF_ENTRY,
    OF_METRIC,
    // For an entry that we do not tell; and each has an id.
    "metric.entries = [entry];",
    "if (entry.navigationId)",
    ["reportSoftNavTTFBs, opts", "reportSoftNavTTFBs"],
  ],
  "attribution/onCLS.js": [
    NO_DEFAULT,
    "const layoutShiftManager = initUnique(opts, LayoutShiftManager);",
    ["layoutShiftManager._onAfterProcessingUnexpectedShift", "opts._onEntry"],
    [
      "const node = largestSource?.node; if (node) { const customTarget = opts.generateTarget?.(node) ?? getSelector(node); layoutShiftTargetMap.set(largestSource, customTarget); }",
      "layoutShiftTargetMap.set(largestSource, opts.generateTarget(largestSource.node));",
    ],
    // The largest of at least one.
    ["if (largestSource) {", "{"],
    "largestShiftSource: largestSource, largestShiftEntry: largestEntry,",
  ],
  "attribution/onFCP.js": [
    NO_DEFAULT,
    // That of a soft navigation is always found, and not told.
    "const fcpEntryManager = initUnique(opts, FCPEntryManager); if (checkSoftNavsEnabled(opts)) { fcpEntryManager._softNavigationEntryMap = new Map(); }",
    [
      "loadState: getLoadState(getBFCacheRestoreTime())",
      "loadState: metric.navigationType === 'soft-navigation' ? 'complete' : getLoadState(getBFCacheRestoreTime())",
    ],
    "else { const navigationEntry = fcpEntryManager._softNavigationEntryMap?.get(metric.navigationId); if (navigationEntry) { attribution = { timeToFirstByte: 0, firstByteToFCP: metric.value, loadState: 'complete', navigationEntry, }; } }",
    "const fcpEntry = metric.entries.at(-1);",
    "navigationEntry, fcpEntry,",
  ],
  "attribution/onINP.js": [
    NO_DEFAULT,
    MANAGER,
    ["interactionManager._onBeforeProcessingEntry", "opts._onEntry"],
    // Never the browser's own selector, which has ids and classes: an element is told by our name for it, or not at all.
    [
      "const node = interaction.entries.find((e) => e.target)?.target; if (node) { const customTarget = opts.generateTarget?.(node) ?? getSelector(node); interactionTargetMap.set(interaction, customTarget); } else { const selector = interaction.entries.find((e) => e.targetSelector)?.targetSelector; if (selector) { interactionTargetMap.set(interaction, selector); } }",
      "interactionTargetMap.set(interaction, opts.generateTarget(interaction.entries.find((e) => e.target)?.target));",
    ],
    // The same from the end, in one call.
    [
      "let group;",
      "let group = pendingEntriesGroups.findLast((group) => Math.abs(renderTime - group.renderTime) <= 8);",
    ],
    [
      "for (let i = pendingEntriesGroups.length - 1; i >= 0; i--) { const potentialGroup = pendingEntriesGroups[i]; if (Math.abs(renderTime - potentialGroup.renderTime) <= 8) { group = potentialGroup;",
      "if (group) {",
    ],
    // `includeProcessedEventEntries` is never set.
    ["if (opts.includeProcessedEventEntries) { group.entries.push(entry); } break; } } if (!group) {", "} else {"],
    "entries: opts.includeProcessedEventEntries ? [entry] : [],",
    "const processedEventEntries = group.entries.sort((a, b) => { return a.processingStart - b.processingStart; });",
    "processedEventEntries: [], longAnimationFrameEntries: [],",
    "processedEventEntries: processedEventEntries, longAnimationFrameEntries: longAnimationFrameEntries,",
    // Lists are not told: handed on as an argument.
    ["attributeLoAFDetails(attribution)", "attributeLoAFDetails(attribution, longAnimationFrameEntries)"],
    ["attributeLoAFDetails = (attribution)", "attributeLoAFDetails = (attribution, longAnimationFrameEntries)"],
    [
      "!attribution.longAnimationFrameEntries?.length || !interactionTime || !nextPaintTime",
      "!longAnimationFrameEntries.length",
    ],
    ["of attribution.longAnimationFrameEntries", "of longAnimationFrameEntries"],
    ["attribution.longAnimationFrameEntries.at(-1)", "longAnimationFrameEntries.at(-1)"],
    ["lastLoAF ? lastLoAF.startTime + lastLoAF.duration : 0", "lastLoAF.startTime + lastLoAF.duration"],
    "longestScript: undefined, totalScriptDuration: undefined, totalStyleAndLayoutDuration: undefined, totalPaintDuration: undefined, totalUnattributedDuration: undefined,",
    ["longestScriptEntry && longestScriptSubpart", "longestScriptEntry"],
    ["handleLoAFEntries, opts", "handleLoAFEntries"],
  ],
  "attribution/onLCP.js": [
    NO_DEFAULT,
    // `resourceBufferSize` is never set.
    ["let resourceBufferSizeLimit", "const resourceBufferSizeLimit"],
    "if (opts.resourceBufferSize != undefined) { resourceBufferSizeLimit = opts.resourceBufferSize; }",
    "const lcpEntryManager = initUnique(opts, LCPEntryManager);",
    "if (checkSoftNavsEnabled(opts)) { lcpEntryManager._softNavigationEntryMap = new Map(); }",
    ["lcpEntryManager._onBeforeProcessingEntry", "opts._onEntry"],
    ["opts.generateTarget?.(node) ?? getSelector(node)", "opts.generateTarget(node)"],
    // No ids: see `OURS` in vitals-attribution.ts. We always name the elements.
    ["else if (entry.id)", "else if (false)"],
    // Entries and empty texts are not told.
    "attribution.lcpEntry = lcpEntry;",
    ["if (lcpEntry.url) { attribution.url = lcpEntry.url; }", "attribution.url = lcpEntry.url;"],
    "if (lcpResourceEntry) { attribution.lcpResourceEntry = lcpResourceEntry; }",
    // That of a soft navigation is always found, and not told.
    ["navigationEntry = lcpEntryManager._softNavigationEntryMap?.get(metric.navigationId);", "navigationEntry = true;"],
    [
      "elementRenderDelay: metric.value - lcpResponseEnd, navigationEntry,",
      "elementRenderDelay: metric.value - lcpResponseEnd,",
    ],
  ],
  "attribution/onTTFB.js": [
    NO_DEFAULT,
    ["requestDuration: 0, navigationEntry: navigationEntry,", "requestDuration: 0,"],
    [
      "requestDuration: metric.value - connectEnd, navigationEntry: navigationEntry,",
      "requestDuration: metric.value - connectEnd,",
    ],
    // An entry is there if it is one of these.
    ["if (metric.entries.length) {", "{"],
  ],
};
