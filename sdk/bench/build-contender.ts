import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Contender } from "./contenders.ts";

/** OpenPanel's session replay, loaded later where it is asked for: 180 kB that would only make OpenPanel look slow. */
const LAZY = ["./replay-*"];

/** Bundles a contender's app as a production build would, into the text of one classic script. */
export async function buildContender(contender: Contender): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`apps/${contender}.ts`, import.meta.url))],
    bundle: true,
    minify: true,
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
