import { defineConfig } from "tsup";
import manifest from "./package.json" with { type: "json" };

/** The script tag's files. Apart from the modules, because `pnpm start` needs these alone, and quickly. */
export default defineConfig({
  entry: { tallymark: "src/script/index.ts", "tallymark-dev": "src/script/dev.ts" },
  format: ["iife"],
  target: "es2018",
  platform: "browser",
  minify: true,
  define: { __VERSION__: JSON.stringify(manifest.version), "process.env.NODE_ENV": '"production"' },
  outExtension: () => ({ js: ".min.js" }),
});
