import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const SDK = fileURLToPath(new URL("../..", import.meta.url));
const README = new URL("../../../README.md", import.meta.url);

it("the README quotes the sizes that size-limit measures", () => {
  const output = execFileSync("node_modules/.bin/size-limit", ["--json"], { cwd: SDK, encoding: "utf8" });
  const measured: { readonly name: string; readonly size: number }[] = JSON.parse(output);
  const quoted = [...readFileSync(README, "utf8").matchAll(/^\| (.+) \| ([\d,]+) \|$/gm)].map(([, name, bytes]) => ({
    name,
    size: Number(bytes?.replaceAll(",", "")),
  }));
  expect(quoted).toEqual(measured.map(({ name, size }) => ({ name, size })));
});
