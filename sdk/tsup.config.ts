import { defineConfig, type Options } from "tsup";
import { cutWebVitals } from "./build/cut-web-vitals.ts";
import { mangle, production } from "./build/minify.ts";

const entry = {
  index: "src/index.ts",
  beacons: "src/beacons/index.ts",
  dev: "src/dev/index.ts",
  plugins: "src/plugins/index.ts",
  react: "src/react/index.ts",
  "vitals-attribution": "src/beacons/vitals-attribution.ts",
};

/** Apart, so that the others have its numbers in them, and not a file of numbers. */
const protocol = { protocol: "src/protocol/index.ts" };

const shared: Options = {
  entry,
  target: "es2021",
  sourcemap: true,
  external: ["react"],
  esbuildPlugins: [cutWebVitals],
};

/** What bundlers take for development, by the export condition of that name: readable, and with warnings. */
const development: Options = {
  ...shared,
  // A folder of its own, for the chunks have the same names.
  outDir: "dist/development",
  esbuildOptions: mangle,
};

/**
 * The published modules. No `treeshake: true`, and no splitting for CommonJS: both lose the "use client" that frameworks
 * with server components look for at the top of the React entry.
 */
export default defineConfig([
  { ...shared, ...production, format: ["esm"], splitting: true },
  { ...shared, ...production, format: ["cjs"], splitting: false },
  { ...development, format: ["esm"], splitting: true },
  { ...development, format: ["cjs"], splitting: false },
  { ...shared, entry: protocol, format: ["esm", "cjs"] },
  { ...shared, entry: { ...entry, ...protocol }, format: ["esm", "cjs"], dts: { only: true } },
]);
