import { readFileSync } from "node:fs";
import type { Options } from "tsup";
import { CUTS, type Cut } from "./web-vitals-cuts.ts";

type EsbuildPlugin = NonNullable<Options["esbuildPlugins"]>[number];

const LIBRARY = "web-vitals/dist/modules/";

/** Leaves out of the web-vitals library what we have no use for, see `CUTS`. */
export const cutWebVitals = cutting(CUTS);

/** The build fails where a text is not found: look at the cuts again when the library is updated. */
export function cutting(cutsOf: Record<string, readonly Cut[]>): EsbuildPlugin {
  return {
    name: "cut-web-vitals",
    setup(build) {
      const contents = Object.fromEntries(
        Object.entries(cutsOf).map(([file, cuts]) => [file, cuts.reduce(cutFrom(file), read(file))]),
      );
      build.onLoad({ filter: /web-vitals[\\/]dist[\\/]modules[\\/]/ }, ({ path }) => {
        const text = contents[path.replaceAll("\\", "/").split(LIBRARY)[1] ?? ""];
        return text ? { contents: text } : undefined;
      });
    },
  };
}

function read(file: string): string {
  return readFileSync(new URL(`../node_modules/${LIBRARY}${file}`, import.meta.url), "utf8");
}

function cutFrom(file: string) {
  return (source: string, cut: Cut): string => {
    const [text, instead] = typeof cut === "string" ? [cut, ""] : cut;
    const words = text.split(" ").map((word) => word.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
    const found = source.split(new RegExp(words.join("(?:\\s|//.*)+")));
    if (found.length < 2) throw new Error(`web-vitals: ${file} has no "${text}"`);
    return found.join(instead);
  };
}
