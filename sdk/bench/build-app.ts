import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** OpenPanel's session replay, loaded later where it is asked for: 180 kB that would only make OpenPanel look slow. */
const LAZY = ["./replay-*"];

/**
 * Bundles `apps/<name>.ts` as a production build would, into the text of one classic script.
 * @param isReadable names of functions and of the files they come from are kept
 */
export async function buildApp(name: string, isReadable = false): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`apps/${name}.ts`, import.meta.url))],
    absWorkingDir: fileURLToPath(new URL("..", import.meta.url)),
    bundle: true,
    minify: !isReadable,
    format: "iife",
    platform: "browser",
    target: "es2022",
    legalComments: "none",
    conditions: ["@tallymark/source"],
    external: LAZY,
    define: { "process.env.NODE_ENV": '"production"' },
    write: false,
  });
  return outputFiles.map(({ text }) => text).join("\n");
}
