import { defineConfig } from "tsup";
import { production } from "./tsup.minify.ts";

/**
 * The script tag's files, which no bundler makes smaller afterwards. Apart from the modules, because `pnpm start` needs
 * these alone, and quickly.
 */
export default defineConfig({
  ...production,
  terserOptions: {
    ecma: 2020,
    compress: { hoist_funs: true, inline: 1, passes: 3, unsafe: true, unsafe_arrows: true },
  },
  entry: { tallymark: "src/script/index.ts", "tallymark-dev": "src/script/dev.ts" },
  format: ["iife"],
  target: "es2021",
  platform: "browser",
  outExtension: () => ({ js: ".min.js" }),
});
