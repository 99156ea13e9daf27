import { defineConfig } from "tsup";
import manifest from "./package.json" with { type: "json" };

/** The published modules. No `treeshake: true`: it strips "use client". */
export default defineConfig({
  entry: {
    index: "src/index.ts",
    beacons: "src/beacons/index.ts",
    dev: "src/dev/index.ts",
    protocol: "src/protocol/index.ts",
    react: "src/react/index.ts",
  },
  format: ["esm", "cjs"],
  target: "es2020",
  dts: true,
  splitting: true,
  sourcemap: true,
  external: ["react"],
  define: { __VERSION__: JSON.stringify(manifest.version) },
});
