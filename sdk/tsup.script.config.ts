import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { build, defineConfig, type Options } from "tsup";
import { cutWebVitals } from "./build/cut-web-vitals.ts";
import { fixedOptions } from "./build/fixed-options.ts";
import { DEVELOPMENT_ONLY, mangle, production } from "./build/minify.ts";

/**
 * The script tag's files, which no bundler makes smaller afterwards. Apart from the modules, because `pnpm start` needs
 * these alone, and quickly.
 */
const shared: Options = {
  ...production,
  terserOptions: {
    ecma: 2020,
    compress: {
      comparisons: false,
      lhs_constants: false,
      module: true,
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
  esbuildPlugins: [fixedOptions, cutWebVitals],
  format: ["iife"],
  target: "es2021",
  platform: "browser",
  outExtension: () => ({ js: ".min.js" }),
};

/** The extra beacons first, then the loader, which knows their hashes, and at last the main file, which knows the loader's. */
export default defineConfig(async () => {
  const once: Options = { ...shared, config: false };
  const names = readdirSync("src/script/beacons").map((file) => file.replace(".ts", ""));
  const entry = Object.fromEntries(names.map((name) => [`tallymark-${name}`, `src/script/beacons/${name}.ts`]));
  await build({ ...once, entry });

  const files = names.map((name) => [name, servedName(`tallymark-${name}`), integrityOf(`tallymark-${name}`)]);
  await build({
    ...once,
    entry: { "tallymark-beacons": "src/script/load-beacons.ts" },
    // For `import()`, which the main file loads it by.
    format: ["esm"],
    define: { ...shared.define, BEACON_FILES: JSON.stringify(files) },
  });

  return {
    ...shared,
    entry: { tallymark: "src/script/index.ts", "tallymark-dev": "src/script/dev.ts" },
    define: { ...shared.define, LOADER_FILE: JSON.stringify(servedName("tallymark-beacons")) },
  };
});

/** What the collector serves the file as, see `loadScripts` there: another content is another name. */
function servedName(name: string): string {
  return `${name}.${hashOf(name, "sha256").toString("hex").slice(0, 8)}.js`;
}

function integrityOf(name: string): string {
  return `sha384-${hashOf(name, "sha384").toString("base64")}`;
}

function hashOf(name: string, algorithm: string): Buffer {
  return createHash(algorithm)
    .update(readFileSync(`dist/${name}.min.js`))
    .digest();
}
