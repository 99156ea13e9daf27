/** Weighs the published files as a bundler would ship them: minified, brotli. The README quotes these numbers. */
const entries = [
  {
    name: "bare import",
    path: "dist/index.js",
    import: "{}",
    limit: "0 B",
  },
  {
    name: "core + page views + custom events",
    import: {
      "dist/index.js": "{ createTallymark }",
      "dist/beacons.js": "{ pageViews }",
    },
    limit: "2300 B",
  },
  {
    name: "the same with offline queue and fetchLater",
    import: {
      "dist/index.js": "{ createTallymark }",
      "dist/beacons.js": "{ pageViews }",
      "dist/plugins.js": "{ deferredFlush, offlineQueue }",
    },
    limit: "3100 B",
  },
  {
    name: "core + auto beacons",
    import: {
      "dist/index.js": "{ createTallymark }",
      "dist/beacons.js": "{ autoBeacons }",
    },
    limit: "2900 B",
  },
  {
    name: "script tag",
    path: "dist/tallymark.min.js",
    disablePlugins: ["@size-limit/esbuild"],
    limit: "3600 B",
  },
  {
    name: "react: provider, hooks and auto beacons, core included",
    path: "dist/react.js",
    import: "{ TallymarkProvider, useAutoBeacons, useTrack }",
    ignore: ["react"],
    limit: "3700 B",
  },
  {
    name: "dev tools, for developer mode only",
    path: "dist/dev.js",
    import: "{ devTools }",
    limit: "9650 B",
  },
];

/** The split files import each other for their order alone; esbuild says at length that it leaves those imports out. */
const quietly = (config) => ({ ...config, logLevel: "error" });

export default entries.map((entry) => (entry.disablePlugins ? entry : { ...entry, modifyEsbuildConfig: quietly }));
