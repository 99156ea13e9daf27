import { defineConfig } from "tsup";
import { DEVELOPMENT_ONLY, mangle, production } from "./tsup.minify.ts";

/**
 * The script tag's files, which no bundler makes smaller afterwards. Apart from the modules, because `pnpm start` needs
 * these alone, and quickly.
 */
export default defineConfig({
  ...production,
  terserOptions: {
    ecma: 2020,
    compress: {
      comparisons: false,
      lhs_constants: false,
      module: true,
      hoist_funs: true,
      inline: 1,
      passes: 3,
      pure_funcs: DEVELOPMENT_ONLY,
      pure_getters: true,
      unsafe: true,
      unsafe_arrows: true,
    },
  },
  esbuildOptions(options) {
    mangle(options);
    // esbuild's own simplifications first: the two minifiers know different ones.
    options.minifySyntax = true;
    options.minifyWhitespace = true;
  },
  entry: { tallymark: "src/script/index.ts", "tallymark-dev": "src/script/dev.ts" },
  format: ["iife"],
  target: "es2021",
  platform: "browser",
  outExtension: () => ({ js: ".min.js" }),
});
