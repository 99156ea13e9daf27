import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { EVERY_BEACON } from "../every-beacon.ts";

const SDK = fileURLToPath(new URL("../..", import.meta.url));
const README = readFileSync(new URL("../../../README.md", import.meta.url), "utf8");

/** Bytes by the name of the entry, as size-limit measures. */
function measure(): Map<string, number> {
  const output = execFileSync("node_modules/.bin/size-limit", ["--json"], { cwd: SDK, encoding: "utf8" });
  const entries: { readonly name: string; readonly size: number }[] = JSON.parse(output);
  return new Map(entries.map(({ name, size }) => [name, size]));
}

/** Names and bytes in the rows of the README that this matches. */
function quote(row: RegExp): Map<string | undefined, number> {
  return new Map([...README.matchAll(row)].map(([, name, bytes]) => [name, Number(bytes?.replaceAll(",", ""))]));
}

it("the README quotes the sizes that size-limit measures, and what each beacon costs over the core", () => {
  const measured = measure();
  const core = measured.get("core") as number;
  const own = new Map<string, number>();
  for (const beacon of Object.keys(EVERY_BEACON)) {
    own.set(beacon, (measured.get(`core + ${beacon}`) as number) - core);
    measured.delete(`core + ${beacon}`);
  }
  expect(quote(/^\| ([^|`]+) \| ([\d,]+) \|$/gm)).toEqual(measured);
  expect(quote(/^\| `(\w+)` \|.* \| ([\d,]+) \|$/gm)).toEqual(own);
});
