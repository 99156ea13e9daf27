import { defineConfig, type Options } from "tsup";
import manifest from "./package.json" with { type: "json" };

const shared: Options = {
  entry: {
    index: "src/index.ts",
    beacons: "src/beacons/index.ts",
    dev: "src/dev/index.ts",
    protocol: "src/protocol/index.ts",
    react: "src/react/index.ts",
  },
  target: "es2020",
  dts: true,
  sourcemap: true,
  external: ["react"],
  define: { __VERSION__: JSON.stringify(manifest.version) },
};

/**
 * The published modules. No `treeshake: true`, and no splitting for CommonJS: both lose the "use client" that frameworks
 * with server components look for at the top of the React entry.
 */
export default defineConfig([
  { ...shared, format: ["esm"], splitting: true },
  { ...shared, format: ["cjs"], splitting: false },
]);
