import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build as esbuild } from "esbuild";
import { build as vite } from "vite";
import { webpack } from "webpack";

/** How an app's bundler is called: one file in, a folder of files out, minified, and React left alone. */
const BUNDLERS = { esbuild: withEsbuild, vite: withVite, webpack: withWebpack };

export type Bundler = keyof typeof BUNDLERS;

/** For `it.each`. */
export const ALL_BUNDLERS = Object.keys(BUNDLERS) as Bundler[];

/** What an app is built for: `production`, or with the export condition of that name and readable `development`. */
type Mode = "production" | "development";

/** Bundles an app of this code, in which the package is installed as published, and returns all that was written. */
export async function bundleApp(bundler: Bundler, code: string, mode: Mode = "production"): Promise<string> {
  const app = mkdtempSync(join(tmpdir(), "tallymark-app-"));
  const entry = join(app, "app.js");
  const out = join(app, "out");
  try {
    mkdirSync(join(app, "node_modules/@tallymark"), { recursive: true });
    symlinkSync(fileURLToPath(new URL("../..", import.meta.url)), join(app, "node_modules/@tallymark/sdk"));
    writeFileSync(entry, code);
    await BUNDLERS[bundler](entry, out, mode);
    const files = readdirSync(out, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
    return files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), "utf8")).join("\n");
  } finally {
    rmSync(app, { recursive: true, force: true });
  }
}

async function withEsbuild(entry: string, out: string, mode: Mode): Promise<void> {
  await esbuild({
    entryPoints: [entry],
    outdir: out,
    bundle: true,
    splitting: true,
    format: "esm",
    minify: mode === "production",
    conditions: mode === "production" ? [] : [mode],
    define: { "process.env.NODE_ENV": JSON.stringify(mode) },
    external: ["react", "react/*"],
    logLevel: "error",
  });
}

async function withVite(entry: string, out: string, mode: Mode): Promise<void> {
  // Vite asks this before its own mode, and vitest says "test".
  process.env.NODE_ENV = mode;
  await vite({
    root: join(entry, ".."),
    configFile: false,
    logLevel: "error",
    mode,
    build: {
      outDir: out,
      modulePreload: { polyfill: false },
      rollupOptions: { input: entry, external: /^react/, onLog() {} },
    },
  });
}

async function withWebpack(entry: string, out: string, mode: Mode): Promise<void> {
  const react = { react: "React", "react/jsx-runtime": "jsxRuntime" };
  const compiler = webpack({ mode, entry, output: { path: out }, externals: react, context: join(entry, "..") });
  const stats = await promisify(compiler.run.bind(compiler))();
  await promisify(compiler.close.bind(compiler))();
  if (stats?.hasErrors()) throw new Error(stats.toString("errors-only"));
}
