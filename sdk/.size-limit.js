/** Weighs the published files as a bundler would ship them: minified, brotli. The README quotes these numbers. */
const USUAL = "pageViews, linkClicks, taggedEvents, formSubmits, scrollDepth, engagement";

/** The core, with these beacons and what else of the package. */
const core = (beacons, others) => ({
  "dist/index.js": "{ createTallymark }",
  ...(beacons && { "dist/beacons.js": `{ ${beacons} }` }),
  ...others,
});

const CORE_LIMIT = 2245;

const file = (path) => ({ path, disablePlugins: ["@size-limit/esbuild"] });

/**
 * The first with a beacon was asked to be 2,300 B, before a page view had an id that later events carry, a redirect that
 * counts once, a late title and a word on how it came about. Its limit keeps it from growing.
 */
const entries = [
  {
    name: "bare import",
    path: "dist/index.js",
    import: "{}",
    limit: "0 B",
  },
  {
    name: "core + page views + custom events",
    import: core("pageViews"),
    limit: "2450 B",
  },
  {
    name: "the same with offline queue and fetchLater",
    import: core("pageViews", { "dist/plugins.js": "{ deferredFlush, offlineQueue }" }),
    limit: "3100 B",
  },
  {
    name: "core + page views + links, tags, forms, scroll depth, engagement",
    import: core(USUAL),
    limit: "3300 B",
  },
  {
    name: "core + page views + web vitals",
    import: core("pageViews, webVitals"),
    limit: "5300 B",
  },
  {
    name: "all of it, with attribution and errors",
    import: core(`${USUAL}, webVitals, errors`, { "dist/vitals-attribution.js": "{ vitalsAttribution }" }),
    limit: "8900 B",
  },
  {
    name: "core + auto beacons",
    import: core("autoBeacons"),
    limit: "3390 B",
  },
  {
    name: "script tag",
    ...file("dist/tallymark.min.js"),
    limit: "3600 B",
  },
  {
    name: "what loads the script tag's other beacons",
    ...file("dist/tallymark-beacons.min.js"),
    limit: "1050 B",
  },
  {
    name: "react: provider, hooks and auto beacons, core included",
    path: "dist/react.js",
    import: "{ TallymarkProvider, useAutoBeacons, useTrack }",
    ignore: ["react"],
    limit: "4130 B",
  },
  {
    name: "dev tools, for developer mode only",
    path: "dist/dev.js",
    import: "{ devTools }",
    limit: "9050 B",
  },
  {
    name: "core",
    import: core(),
    limit: `${CORE_LIMIT} B`,
  },
];

/** What each beacon costs over the core is in the README too. */
const OWN_LIMITS = {
  pageViews: 200,
  engagement: 145,
  scrollDepth: 245,
  linkClicks: 360,
  taggedEvents: 245,
  formSubmits: 150,
  sessionStart: 370,
  notFound: 185,
  rageClicks: 425,
  deadClicks: 710,
  errors: 1035,
  webVitals: 2700,
};

const ownEntries = Object.entries(OWN_LIMITS).map(([beacon, bytes]) => ({
  name: `core + ${beacon}`,
  import: core(beacon),
  limit: `${CORE_LIMIT + bytes} B`,
}));

/** The split files import each other for their order alone; esbuild says at length that it leaves those imports out. */
const quietly = (config) => ({ ...config, logLevel: "error" });

export default [...entries, ...ownEntries].map((entry) =>
  entry.disablePlugins ? entry : { ...entry, modifyEsbuildConfig: quietly },
);
